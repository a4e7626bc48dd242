import type { Arena } from "./memory";

/**
 * Runs a program on arrays over a memory that others may make grow: ONNX Runtime looks at them a turn of the event loop
 * after it was called, and finds them empty where a training began meanwhile. It has computed nothing then, so the run
 * starts again with new ones.
 */
export async function runInPlace(arena: Arena, bind: () => void, run: () => Promise<void>): Promise<void> {
  for (;;) {
    bind();
    const { generation } = arena;
    try {
      return await run();
    } catch (error) {
      if (arena.generation === generation) throw error;
    }
  }
}
