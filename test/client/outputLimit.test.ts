import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { OutputLimit } from "../../src/client/outputLimit";

const newFolder = (): string => mkdtempSync(path.join(os.tmpdir(), "vaenb-test-"));

it("names the file that has the rest, and a cell that runs again starts anew", () => {
  const folder = newFolder();
  const limit = new OutputLimit(10, folder);
  expect(limit.pass("a", "12345678")).toBe("12345678");
  const noted = limit.pass("a", "90abc");
  const file = /The rest is in (.*)\]/.exec(noted)?.[1] ?? "";
  expect(noted.startsWith("90\n[This cell printed more than")).toBe(true);
  expect([limit.pass("a", "def"), readFileSync(file, "utf8")]).toEqual(["", "abcdef"]);
  limit.restart("a");
  expect(limit.pass("a", "again")).toBe("again");
  rmSync(folder, { recursive: true });
});

it("tells where no file can be made, and goes on", () => {
  const limit = new OutputLimit(4, path.join(os.tmpdir(), "vaenb-test-nowhere"));
  expect(limit.pass("a", "12345")).toMatch(/^1234\n\[.*What follows is lost.*ENOENT.*TMPDIR\]\n$/);
  expect(limit.pass("a", "6")).toBe("");
  expect(limit.pass("another", "1234")).toBe("1234");
});

it("tells where the file cannot be written any more, once", () => {
  const folder = newFolder();
  const limit = new OutputLimit(4, folder);
  limit.pass("a", "12345");
  rmSync(folder, { recursive: true });
  expect(limit.pass("a", "6")).toContain("What follows is lost");
  expect(limit.pass("a", "7")).toBe("");
});
