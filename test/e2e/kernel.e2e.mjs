// What a person meets whose kernel trains: stopping it, closing its notebook, losing it.
import assert from "node:assert/strict";
import path from "node:path";
import { writeNotebook } from "./notebooks.mjs";
import { windowOn } from "./window.mjs";
import { until } from "./workbench.mjs";

const { promise } = windowOn();

const model = `import { data, dense, session, vae } from "vaenb";
session.seed(7);
const digits = data.digits({ train: 1_000, test: 200 });
const model = vae({ input: digits.shape, latent: 2, encoder: [dense(32)], decoder: [dense(32)], likelihood: "bernoulli" });
\`process \${process.pid}\``;
/** A training that leaves the machine time for the editor. */
const options = (epochs, checkpoints) =>
  `{ epochs: ${epochs}, batchSize: 100, checkpoints: ${checkpoints}, callbacks: { onEpoch: () => new Promise((go) => setTimeout(go, 200)) } }`;
const fit = (epochs) =>
  `const run = await model.fit(digits.train, ${options(epochs, "{ everySteps: 20 }")});`;
const trained = "`trained ${run.status} ${model.summary.stepsTrained > 0}`";

const processIn = async (bench) => Number(/process (\d+)/.exec(await bench.outputText())?.[1]);
const epochIn = async (bench) => Number(/epoch ([\d.]+)/i.exec(await bench.outputText())?.[1] ?? NaN);
const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Opens a notebook and waits until its second cell trains. */
async function train({ folder, bench }, name, epochs, ...more) {
  writeNotebook(path.join(folder, name), [model, fit(epochs), ...more]);
  await bench.openFile(name);
  await bench.notebookShown();
  await bench.toolbar("Run All");
  await until(async () => (await epochIn(bench)) >= 2, "the training to go on", 120_000);
}

promise("Stop during training keeps the weights, says so, and the next cell runs", async (place) => {
  const { page, bench } = place;
  await train(place, "stop.vaenb", 5_000, trained.replace("run.status", "typeof run"));
  await bench.command("VAE Notebook: Interrupt");
  await bench.statusIs("idle", 120_000);
  await page
    .locator(".cell-status-item", { hasText: "Stopped" })
    .first()
    .waitFor({ state: "attached", timeout: 120_000 });
  await bench.shows(/stopped/i);
  await bench.runCell(3);
  await bench.shows(/trained \w+ true/);
});

promise("Restart and Shut Down ask while a cell runs", async (place) => {
  const { page, bench } = place;
  await train(place, "restart.vaenb", 5_000);
  const pid = await until(() => processIn(bench), "the process");
  const asks = (verb) =>
    page.locator(".monaco-dialog-box", { hasText: `${verb} the kernel while a cell runs?` });
  const answer = (verb, button) => asks(verb).locator(".monaco-button", { hasText: button }).click();
  for (const verb of ["Restart", "Shut Down"]) {
    await bench.toolbar(verb);
    await answer(verb, "Cancel");
    await asks(verb).waitFor({ state: "detached" });
  }
  const before = await epochIn(bench);
  await until(async () => (await epochIn(bench)) > before, "the training to go on", 120_000);
  await bench.toolbar("Shut Down");
  await answer("Shut Down", "Shut Down");
  await until(() => !isAlive(pid), "the kernel's end");
});

promise(
  "closing a notebook that trains asks; a kernel that is kept goes on, and the chart is there again",
  async (place) => {
    const { page, bench } = place;
    await train(place, "close.vaenb", 5_000);
    const pid = await until(() => processIn(bench), "the process");
    const before = await until(() => epochIn(bench), "the epoch");
    await bench.save();
    await page
      .locator(".tab.active.dirty")
      .waitFor({ state: "detached", timeout: 10_000 })
      .catch(() => {});
    await bench.closeWithoutSaving();
    const dialog = page.locator(".monaco-dialog-box", { hasText: "was closed while a cell runs" });
    await dialog.waitFor({ timeout: 120_000 });
    await dialog.locator(".monaco-button", { hasText: "Keep It Running" }).click();
    await page.waitForTimeout(1_000);
    assert.ok(isAlive(pid), "the kernel goes on");
    await bench.openFile("close.vaenb");
    await bench.notebookShown();
    await until(async () => (await epochIn(bench)) > before, "the training's chart, further on", 120_000);
    await bench.statusIs("busy");
    await bench.closeWithoutSaving();
    await dialog.waitFor({ timeout: 120_000 });
    await dialog.locator(".monaco-button", { hasText: "Interrupt and End Kernel" }).click();
    await until(() => !isAlive(pid), "the kernel's end");
  },
);

promise(
  "a kernel that is killed while it trains offers to resume, and the training ends as planned",
  async (place) => {
    const { bench } = place;
    await train(place, "killed.vaenb", 150);
    process.kill(await until(() => processIn(bench), "the process"), "SIGKILL");
    await bench.statusIs("dead");
    await bench.notification(/can be resumed/);
    await bench.press("Restart and Resume Training");
    await bench.statusIs("busy", 120_000);
    await bench.statusIs("idle", 240_000);
    await bench.shows(/finished · epoch 150 of 150/, 30_000);
  },
);

promise(
  "a chart that goes on after its cell's end moves on the screen, and the cell does not look busy",
  async ({ folder, page, bench }) => {
    writeNotebook(path.join(folder, "late.vaenb"), [
      model,
      `void model.fit(digits.train, ${options(5_000, false)});\n"in the background"`,
    ]);
    await bench.openFile("late.vaenb");
    await bench.notebookShown();
    await bench.runAll(120_000);
    const spinning = page.locator(".cell-status-item .codicon-notebook-state-executing");
    // The editor shows a run for half a second, however short it was.
    await until(async () => (await spinning.count()) === 0, "the end of the run that began it", 10_000);
    const first = await until(() => epochIn(bench), "the chart", 120_000);
    let spins = 0;
    await until(
      async () => {
        spins += await spinning.count();
        return (await epochIn(bench)) > first + 2;
      },
      "the chart to move",
      120_000,
    );
    assert.equal(spins, 0);
  },
);

promise("a password is asked for without showing it", async ({ folder, page, bench }) => {
  writeNotebook(path.join(folder, "password.vaenb"), [
    'import { input } from "vaenb";\nconst secret = await input("Your key?", { password: true });\n`${secret.length} letters`',
  ]);
  await bench.openFile("password.vaenb");
  await bench.notebookShown();
  await bench.toolbar("Run All");
  await page.locator(".quick-input-widget", { hasText: "Your key?" }).waitFor({ timeout: 120_000 });
  const box = page.locator(".quick-input-widget input").first();
  assert.equal(await box.getAttribute("type"), "password");
  await box.fill("secret");
  // A busy editor may not have taken in the text yet when the key comes.
  await until(async () => {
    if (!(await box.isVisible())) return true;
    await box.press("Enter", { timeout: 2_000 });
    return box.waitFor({ state: "hidden", timeout: 2_000 }).then(
      () => true,
      () => false,
    );
  }, "the answer to be taken");
  await bench.shows("6 letters");
});
