import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { csv } from "../../../src/vae/data/csv";
import type { Dataset } from "../../../src/vae/data/dataset";

const folder = mkdtempSync(join(tmpdir(), "csv-"));
let written = 0;
const write = (text: string): string => {
  const path = join(folder, `table${written++}.csv`);
  writeFileSync(path, text);
  return path;
};
const readAll = (data: Dataset): number[] => {
  const into = new Float32Array(data.size * data.valuesPerExample);
  data.read([...Array(data.size).keys()], into);
  return [...into];
};
const labelNames = (data: Dataset): (string | undefined)[] =>
  [...Array(data.size).keys()].map((example) => data.labels?.names[data.labels.of(example)]);

test("each row is an example, and words in a column can be its class", async () => {
  const data = await csv(write("length,width,species\n5.1,3.5,setosa\n6.3,2.5,virginica\n4.9,3,setosa\n"), {
    label: "species",
  });
  expect(data.shape).toEqual([2]);
  expect(readAll(data)).toEqual([5.1, 3.5, 6.3, 2.5, 4.9, 3].map(Math.fround));
  expect(labelNames(data)).toEqual(["setosa", "virginica", "setosa"]);
});

test("without a header, columns have numbers", async () => {
  const data = await csv(write("7,0,255\n2,128,0\n"), { label: 0, shape: [1, 2, 1], divisor: 255 });
  expect(data.shape).toEqual([1, 2, 1]);
  expect(data.range).toEqual({ min: 0, max: 1, nan: 0 });
  expect([data.labels?.of(0), data.labels?.of(1)]).toEqual([7, 2]);
});

test("columns are taken in the order in which they are named", async () => {
  expect(readAll(await csv(write("a,b,c\n1,2,3\n4,5,6\n"), { columns: ["c", "a"] }))).toEqual([3, 1, 6, 4]);
});

test("a file with other separators than commas says how to read it", async () => {
  await expect(csv(write("a;b\n1;2\n"))).rejects.toThrow('but semicolons: read it with { delimiter: ";" }.');
  await expect(csv(write("1\t2\n"))).rejects.toThrow('but tabs: read it with { delimiter: "\\t" }.');
  expect((await csv(write("a;b\n1\n"), { delimiter: "," })).size).toBe(1);
});

test("quotes, Windows line ends, a byte order mark, blank lines and another delimiter are understood", async () => {
  const data = await csv(write('\uFEFF"a; first";b\r\n1;2\r\n\r\n"3";-4e-2\r\n'), { delimiter: ";" });
  expect(readAll(data)).toEqual([1, 2, 3, Math.fround(-0.04)]);
});

test("many rows are read completely", async () => {
  const rows = Array.from({ length: 5_000 }, (_, row) => `${row},${-row}`);
  const values = readAll(await csv(write(rows.join("\n"))));
  expect(values).toHaveLength(10_000);
  expect(values.slice(-2)).toEqual([4_999, -4_999]);
});

test("a missing value that says so is counted as one", async () => {
  expect((await csv(write("a,b\n1,NaN\n2,3\n"))).range).toEqual({ min: 1, max: 3, nan: 1 });
});

test("a row with too few fields is named by its line", async () => {
  const path = write("a,b\n1,2\n3\n4,5\n");
  await expect(csv(path)).rejects.toThrow(`${path}, line 3: the row has 1 fields`);
});

test("a field that is not a number is named by line and column, with the way out", async () => {
  await expect(csv(write("a,kind\n1,cat\n"))).rejects.toThrow(
    /line 2: column kind is "cat", not a number.*label: "kind"/s,
  );
  await expect(csv(write("a,b\n1,2\n,3\n"))).rejects.toThrow("line 3: column a is empty, not a number");
});

test("an unknown column is told with the known ones", async () => {
  await expect(csv(write("a,b\n1,2\n"), { label: "c" })).rejects.toThrow(
    "has no column c: its columns are a, b",
  );
  await expect(csv(write("1,2\n"), { label: 5 })).rejects.toThrow("2 columns from 0 to 1");
});

test("an empty file, a header alone, a missing file and a wrong shape are refused", async () => {
  await expect(csv(write(""))).rejects.toThrow("has no rows of values");
  await expect(csv(write("a,b\n"))).rejects.toThrow("has no rows of values");
  await expect(csv(join(folder, "nowhere.csv"))).rejects.toThrow(
    /nowhere.csv does not exist. Check the path/,
  );
  await expect(csv(folder)).rejects.toThrow("is a folder, not a file");
  await expect(csv(write("1,2,3\n"), { shape: [2, 2] })).rejects.toThrow(
    "has 3 columns of values, and the shape 2 x 2 would need 4",
  );
});

test("an unclosed quote is an error with its line", async () => {
  await expect(csv(write('a,b\n1,"2\n3,4\n'))).rejects.toThrow(/line \d+/);
});
