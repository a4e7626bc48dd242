import { isRecord, type Guard, ProtocolError } from "../protocol/guard";

/** A plotly chart that a person returned: plotly itself is patient with what is in it. */
export interface PlotlyData {
  readonly data: readonly unknown[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
}

export const plotlyData: Guard<PlotlyData> = (found, path) => {
  if (!isRecord(found)) throw new ProtocolError(path, "an object", found);
  const { data = [], layout = {}, config = {} } = found;
  if (!Array.isArray(data)) throw new ProtocolError(`${path}.data`, "an array", data);
  if (!isRecord(layout)) throw new ProtocolError(`${path}.layout`, "an object", layout);
  if (!isRecord(config)) throw new ProtocolError(`${path}.config`, "an object", config);
  return { data, layout, config };
};
