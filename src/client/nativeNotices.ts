/**
 * A line by which a native library says that all is well: a log line of level I that absl writes before its log is set up,
 * which has no date ("I0000"), and the one that goes before the first of them. TensorFlow tells of the processor's features
 * in such lines, whatever level of its log is asked for. A program of the person's own writes dates.
 */
const notice =
  /^(?:WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR|I0000 00:00:\d+\.\d+ +\d+ \S+:\d+\] .*)\r?\n/gm;

/** What native code wrote to stderr, without lines that are for a library's developers: nobody asked them of a cell. */
export const withoutNotices = (text: string): string => text.replace(notice, "");
