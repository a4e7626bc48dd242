/**
 * A line by which a native library says that all is well: a log line of level I, as absl writes them, and the one that
 * goes before the first of them. TensorFlow tells of the processor's features in such lines, whatever level of its log
 * is asked for.
 */
const notice =
  /^(?:WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR|I\d{4} \d\d:\d\d:\S+ +\d+ \S+:\d+\] .*)\r?\n/gm;

/** What native code wrote to stderr, without lines that are for a library's developers: nobody asked them of a cell. */
export const withoutNotices = (text: string): string => text.replace(notice, "");
