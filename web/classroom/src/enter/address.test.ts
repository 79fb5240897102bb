import assert from "node:assert/strict";
import test from "node:test";
import { placeOf, knownClass, ticketOf, withoutTicket } from "./address";

test("the path names the class and the door, also below a prefix", () => {
  assert.deepEqual(placeOf("/1400000001/123456789/0"), { sdkappid: 1400000001, classId: 123456789, door: "teacher" });
  assert.deepEqual(placeOf("/school/1400000001/123456789/1"), { sdkappid: 1400000001, classId: 123456789, door: "student" });
  assert.deepEqual(placeOf("/1400000001/123456789"), { sdkappid: 1400000001, classId: 123456789, door: "any" });
  assert.equal(placeOf("/elsewhere"), null);
});

test("both forms of links sign in", () => {
  assert.deepEqual(ticketOf("#li/abc", ""), { user_id: "li", token: "abc" });
  assert.deepEqual(ticketOf("#li%2Fming/a%20b", ""), { user_id: "li/ming", token: "a b" });
  assert.deepEqual(ticketOf("#/123456789/li/sig/abc", ""), { user_id: "li", token: "abc" });
  assert.deepEqual(ticketOf("", "?user_id=li&token=abc&x=1"), { user_id: "li", token: "abc" });
});

test("an address without a whole ticket signs nobody in", () => {
  for (const hash of ["", "#", "#li", "#li/", "#/abc", "#/123456789/li/sig", "#%zz"]) assert.equal(ticketOf(hash, ""), null);
});

test("the ticket is taken out of the query and the rest stays", () => {
  assert.equal(withoutTicket("?user_id=li&token=abc&x=1"), "?x=1");
  assert.equal(withoutTicket("?user_id=li&token=abc"), "");
});

test("a page without a description describes no class", () => {
  assert.equal(knownClass(""), null);
  assert.equal(knownClass("{{class}}"), null);
  assert.equal(knownClass('{"class_topic":"Sums","class_status":"ing","start_time":1}')?.class_topic, "Sums");
});
