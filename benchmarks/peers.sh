#!/usr/bin/env bash
# The programs and packages we measure ourselves against, each in its own virtual environment.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p .peers
make_peer() {
    local name="$1"
    shift
    [ -x ".peers/$name/bin/python" ] || python3 -m venv ".peers/$name"
    ".peers/$name/bin/pip" install -q "$@"
}
make_peer taguette 'taguette==1.5.2' 'setuptools<81'
make_peer qualitative-coding 'qualitative-coding==1.7.8'
make_peer captions 'webvtt-py==0.5.1' 'pysubs2==1.8.0'
make_peer agreement 'krippendorff==0.9.0' 'scikit-learn==1.9.1' 'evalica==0.4.2' 'irrCAC==0.4.4'
