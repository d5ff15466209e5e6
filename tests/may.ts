// What this run may do. A test names what it needs with `ignore: !may("read", "write")`, so that `deno test` without any
// permission ignores it instead of failing or asking.

const WHAT: Record<string, Deno.PermissionDescriptor> = {
  read: { name: "read" },
  write: { name: "write" },
  net: { name: "net", host: "127.0.0.1" },
  run: { name: "run", command: "deno" },
  env: { name: "env" },
  sys: { name: "sys" },
};

/** Whether all of these are granted: files anywhere, sockets on the loopback, running `deno`. */
export function may(...needs: ("read" | "write" | "net" | "run" | "env" | "sys")[]): boolean {
  return needs.every((need) => Deno.permissions.querySync(WHAT[need]!).state === "granted");
}
