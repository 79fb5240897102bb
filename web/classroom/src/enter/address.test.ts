import assert from "node:assert/strict";
import test from "node:test";
import { parseClassPath, parseClassPreview, parseLinkCredentials, withoutLinkCredentials } from "./address";

test("the path names the class and the entrance, also below a prefix", () => {
  assert.deepEqual(parseClassPath("/1400000001/123456789/0"), { sdkappid: 1400000001, classId: 123456789, entrance: "teacher" });
  assert.deepEqual(parseClassPath("/school/1400000001/123456789/1"), { sdkappid: 1400000001, classId: 123456789, entrance: "student" });
  assert.deepEqual(parseClassPath("/1400000001/123456789"), { sdkappid: 1400000001, classId: 123456789, entrance: "any" });
  assert.equal(parseClassPath("/elsewhere"), null);
});

test("all link formats contain credentials", () => {
  assert.deepEqual(parseLinkCredentials("#li/abc", ""), { user_id: "li", token: "abc" });
  assert.deepEqual(parseLinkCredentials("#li%2Fming/a%20b", ""), { user_id: "li/ming", token: "a b" });
  assert.deepEqual(parseLinkCredentials("#/123456789/li/sig/abc", ""), { user_id: "li", token: "abc" });
  assert.deepEqual(parseLinkCredentials("", "?user_id=li&token=abc&x=1"), { user_id: "li", token: "abc" });
});

test("an incomplete link has no credentials", () => {
  for (const hash of ["", "#", "#li", "#li/", "#/abc", "#/123456789/li/sig", "#%zz"]) assert.equal(parseLinkCredentials(hash, ""), null);
});

test("the credentials are removed from the query", () => {
  assert.equal(withoutLinkCredentials("?user_id=li&token=abc&x=1"), "?x=1");
  assert.equal(withoutLinkCredentials("?user_id=li&token=abc"), "");
});

test("a page without a description describes no class", () => {
  assert.equal(parseClassPreview(""), null);
  assert.equal(parseClassPreview("{{class}}"), null);
  assert.equal(parseClassPreview('{"class_topic":"Sums","class_status":"ing","start_time":1}')?.class_topic, "Sums");
});
