import assert from "node:assert/strict";
import test from "node:test";
import type { Member } from "../channel/types";
import { gridOf, updateRecentSpeakers, peopleOnStage, pageSize, promote } from "./arrange";

const member = (user_id: string, more: Partial<Member> = {}) => ({ user_id, nickname: user_id, avatar: "", role: "student", mic: 1, camera: 0, enter_time: 1, ...more }) as Member;
const classOf = (...members: Member[]) => Object.fromEntries(members.map((one) => [one.user_id, one]));
const ids = (people: { user_id: string }[]) => people.map((one) => one.user_id);

test("moderators come first, then this user, then the others in order of entering", () => {
  const members = classOf(member("b", { enter_time: 2 }), member("a", { enter_time: 3 }), member("me", { mic: 0 }), member("quiet", { mic: 0 }), member("as", { role: "assistant" }), member("li", { role: "teacher", enter_time: 9 }));
  assert.deepEqual(ids(peopleOnStage(members, [], "me", { mic: true, camera: false })), ["li", "as", "me", "b", "a"]);
});

test("for this user the local sources count, not the state of the class", () => {
  assert.deepEqual(peopleOnStage(classOf(member("me")), [], "me", { mic: false, camera: false }), []);
});

test("a publisher missing in the list of a very large class is on the stage", () => {
  assert.deepEqual(ids(peopleOnStage({}, [{ user_id: "far", source: "camera" }], "me", { mic: false, camera: false })), ["far"]);
});

test("a speaker moves into view, and the others keep their positions", () => {
  const members = classOf(member("li", { role: "teacher" }), ...["a", "b", "c", "d", "e"].map((id, at) => member(id, { enter_time: at })));
  const people = peopleOnStage(members, [], "me", { mic: true, camera: false });
  assert.deepEqual(ids(promote(people, ["e"], 4)), ["li", "me", "a", "e", "c", "d", "b"]);
  assert.deepEqual(ids(promote(people, ["e", "d"], 4)), ["li", "me", "d", "e", "c", "a", "b"]);
  assert.deepEqual(ids(promote(people, ["a"], 4)), ids(people));
  assert.deepEqual(ids(promote(people, ["e"], 2)), ids(people), "the teacher and this user keep their places");
});

test("recent speakers come first", () => {
  assert.deepEqual(updateRecentSpeakers(["a", "b"], ["b"]), ["b", "a"]);
  const same = ["b", "a"];
  assert.equal(updateRecentSpeakers(same, ["b"]), same);
});

test("a grid uses the room: one picture, four, and many", () => {
  assert.equal(gridOf(1, 1600, 900, 0).width, 1600);
  assert.deepEqual(gridOf(4, 1600, 900, 0), { columns: 2, width: 800, height: 450 });
  assert.equal(gridOf(2, 400, 900, 8).columns, 1, "an upright phone");
  const many = gridOf(25, 1600, 900, 8);
  assert.equal(many.columns, 5);
});

test("a page of the grid has no pictures that are too small to see a face", () => {
  assert.equal(pageSize(1600, 900), 25);
  assert.equal(pageSize(340, 240), 4);
  assert.equal(pageSize(100, 50), 1);
});
