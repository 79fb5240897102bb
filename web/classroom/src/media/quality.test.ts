import assert from "node:assert/strict";
import test from "node:test";
import { qualityOf } from "./quality";

test("the worse of loss and delay counts", () => {
  assert.equal(qualityOf({ loss: 0, round_trip: 20 }), 4);
  assert.equal(qualityOf({ loss: 0.04, round_trip: 20 }), 3);
  assert.equal(qualityOf({ loss: 0, round_trip: 450 }), 2);
  assert.equal(qualityOf({ loss: 0.3, round_trip: 20 }), 1);
});
