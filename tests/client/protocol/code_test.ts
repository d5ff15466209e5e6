import assert from "node:assert/strict";
import { looksLikeCode, withBlock } from "../../../client/protocol/code.ts";

Deno.test("looksLikeCode finds code of several languages, and no letter, list or poem", () => {
  const code = [
    "for i in range(3):\n    print(i)",
    "int main(void) {\n\treturn 0;\n}",
    "const a = 1;\nconst b = () => a;",
    "<ul>\n  <li>one</li>\n</ul>",
    '{\n  "action": "msg",\n  "time": 1\n}',
    "SELECT a\n  FROM b\n WHERE c == 1;",
    "#include <stdio.h>\n\nint a;",
  ];
  for (const text of code) assert.equal(looksLikeCode(text), true, text);
  const others = [
    "print(1)",
    "Dear Ann,\n\nsee you tomorrow (at noon).\nBob",
    "- one\n- two\n- three",
    "Мороз и солнце; день чудесный!\nЕщё ты дремлешь, друг прелестный —",
    "```\na = 1;\nb = 2;\n```",
    "a;\n",
  ];
  for (const text of others) assert.equal(looksLikeCode(text), false, text);
});

Deno.test("withBlock writes the code on lines of its own, between fences that are longer than those in it", () => {
  assert.equal(withBlock("a;\nb;", "a;\nb;"), "```\na;\nb;\n```");
  assert.equal(withBlock("look: \n\n    a;\n    b;\n", "    a;\n    b;\n"), "look:\n```\n    a;\n    b;\n```");
  assert.equal(withBlock("````\na", "````\na"), "`````\n````\na\n`````");
  assert.equal(withBlock("something else", "a;\nb;"), "something else");
});
