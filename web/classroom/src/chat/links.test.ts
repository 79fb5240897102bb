import assert from "node:assert/strict";
import { test } from "node:test";

import { pieces, safeAddress } from "./links";

const links = (text: string): string[] => pieces(text).filter((piece) => piece.href !== "").map((piece) => piece.text);

test("URLs in a text are links, without the punctuation around them", () => {
  assert.deepEqual(links("see https://example.com/a."), ["https://example.com/a"]);
  assert.deepEqual(links("(https://example.com/a)"), ["https://example.com/a"]);
  assert.deepEqual(links("https://example.com/a_(b)"), ["https://example.com/a_(b)"]);
  assert.deepEqual(links("请看https://example.com/课件。"), ["https://example.com/"]);
  assert.deepEqual(links("请看https://example.com/a?b=1&c=2，谢谢"), ["https://example.com/a?b=1&c=2"]);
  assert.deepEqual(links("http://a.cn http://b.cn"), ["http://a.cn", "http://b.cn"]);
  assert.deepEqual(links("HTTPS://EXAMPLE.COM"), ["HTTPS://EXAMPLE.COM"]);
});

test("only http and https are links", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,a", "ftp://a.cn", "file:///etc", "http://", "https://bank.cn@evil.cn"]) {
    assert.deepEqual(links(text), [], text);
    assert.equal(safeAddress(text), "", text);
  }
});

test("the concatenated pieces are the text", () => {
  for (const text of ["", "a", "https://a.cn", "a https://a.cn b", "https://a.cn!!", "<b>https://a.cn</b>", "https://https://a.cn"]) {
    assert.equal(pieces(text).map((piece) => piece.text).join(""), text);
  }
});
