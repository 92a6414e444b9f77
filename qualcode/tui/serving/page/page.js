// Beside textual.js, which draws the terminal and says how it stands in the classes of the body.
addEventListener("load", () => {
  const body = document.body;
  const again = document.getElementById("again");
  again.addEventListener("click", () => location.reload());
  let keys = false;
  new MutationObserver(() => {
    if (body.classList.contains("-closed")) {
      again.focus();
    } else if (!keys && body.classList.contains("-first-byte")) {
      // No mouse is needed to begin.
      keys = true;
      document.querySelector(".xterm-helper-textarea").focus();
    }
  }).observe(body, { attributeFilter: ["class"] });
});
