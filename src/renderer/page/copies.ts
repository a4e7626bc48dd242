/** A button on each code cell that copies its source. */
export function offerCopies(): void {
  for (const source of document.querySelectorAll(".source")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", () => {
      const say = (text: string): void => {
        button.textContent = text;
        setTimeout(() => (button.textContent = "Copy"), 1_500);
      };
      navigator.clipboard.writeText(source.querySelector("code")?.textContent ?? "").then(
        () => say("Copied"),
        () => say("Not copied"),
      );
    });
    source.append(button);
  }
}
