import assert from "node:assert/strict";
import { networkOf, rangeOf } from "../../jim/mod.ts";

Deno.test("networkOf and rangeOf take each form of an address", () => {
  const same: [string, string, string][] = [
    ["10.0.0.7", "10.0.0.7", "10.0.0"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2", "2001:db8:1"],
    ["2001:0DB8:0001:0002::", "2001:db8:1:2", "2001:db8:1"],
    ["2001:db8::2:3:4:5:6", "2001:db8:0:2", "2001:db8:0"],
    ["2001:db8::1", "2001:db8:0:0", "2001:db8:0"],
    ["::1", "0:0:0:0", "0:0:0"],
    ["::", "0:0:0:0", "0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0", "fe80:0:0"],
    ["64:ff9b::10.0.0.7", "64:ff9b:0:0", "64:ff9b:0"],
    ["1:2:3:4:5:6:10.0.0.7", "1:2:3:4", "1:2:3"],
  ];
  for (const [host, network, range] of same) assert.deepEqual([networkOf(host), rangeOf(host)], [network, range], host);
});
