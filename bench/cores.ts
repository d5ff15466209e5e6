// How far apart two processor cores are: the time in which a number passes from one to the other and back. Server and
// generator run on two cores, so each byte that is delivered crosses between them. A virtual machine's host may move a
// core at any time, next to the other one or far from it: figures of two distances cannot be compared.

/** Round trips in a sample, and samples. In the fastest sample nothing else ran on either core. */
const TRIPS = 200, SAMPLES = 100;
/** Milliseconds after which no further sample is taken: the cores are busy with other programs. */
const PATIENCE = 1_000;

/** Nanoseconds of a round trip between two cores. It keeps both of them busy for some 5 ms. */
export async function coreDistance(): Promise<number> {
  const shared = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  // As a data URL it needs no permission to read a file.
  const code = `${answer}; onmessage = ({ data }) => { postMessage("begins"); answer(data); };`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" });
  const begun = new Promise((resolve) => worker.onmessage = resolve);
  worker.postMessage(shared);
  await begun;
  const distance = bounce(shared);
  worker.terminate();
  return distance;
}

/** Answers each odd number with the next even one, until the number is negative. */
function answer(shared: Int32Array): void {
  for (let next = 1;; next += 2) {
    for (let seen; (seen = Atomics.load(shared, 0)) !== next;) if (seen < 0) return;
    Atomics.store(shared, 0, next + 1);
  }
}

/** Passes numbers there and back. Returns the nanoseconds of a round trip in the fastest sample. */
function bounce(shared: Int32Array): number {
  const began = performance.now();
  let fastest = Infinity, next = 1;
  for (let sample = 0; sample < SAMPLES && performance.now() - began < PATIENCE; sample++) {
    const start = performance.now();
    for (let trip = 0; trip < TRIPS; trip++, next += 2) {
      Atomics.store(shared, 0, next);
      while (Atomics.load(shared, 0) !== next + 1);
    }
    fastest = Math.min(fastest, performance.now() - start);
  }
  Atomics.store(shared, 0, -1);
  return fastest * 1e6 / TRIPS;
}
