// Ports for programs that cannot be told to take any port, or that are started again on the port that they had. If the
// system has chosen a port and it is closed, another test soon gets the same one.

/** Below those that the system gives: on Linux from 32768, elsewhere from 49152. */
const FIRST = 10_000, END = 32_000;

/** So many ports of which no two are the same, that are free, and that the system gives to no other test. */
export function ownPorts(count: number): number[] {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = FIRST + Math.floor(Math.random() * (END - FIRST));
    if (isFree(port)) ports.add(port);
  }
  return [...ports];
}

/** One of them. */
export function ownPort(): number {
  return ownPorts(1)[0]!;
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
