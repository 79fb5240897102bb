// Undo and redo of this user's operations, for each page separately.

import type { Operation } from "../channel/types";

export interface Step {
  undo: Operation[];
  redo: Operation[];
}

const MAX_STEPS = 200;

interface Stacks {
  done: Step[];
  undone: Step[];
}

export class History {
  private readonly pages = new Map<string, Stacks>();

  private stacks(page: string): Stacks {
    let stacks = this.pages.get(page);
    if (!stacks) {
      stacks = { done: [], undone: [] };
      this.pages.set(page, stacks);
    }
    return stacks;
  }

  push(page: string, step: Step): void {
    const stacks = this.stacks(page);
    stacks.done.push(step);
    if (stacks.done.length > MAX_STEPS) stacks.done.shift();
    stacks.undone = [];
  }

  canUndo(page: string): boolean {
    return (this.pages.get(page)?.done.length ?? 0) > 0;
  }

  canRedo(page: string): boolean {
    return (this.pages.get(page)?.undone.length ?? 0) > 0;
  }

  /** The operations that undo the last step. */
  undo(page: string): Operation[] {
    const stacks = this.stacks(page);
    const step = stacks.done.pop();
    if (!step) return [];
    stacks.undone.push(step);
    return step.undo;
  }

  redo(page: string): Operation[] {
    const stacks = this.stacks(page);
    const step = stacks.undone.pop();
    if (!step) return [];
    stacks.done.push(step);
    return step.redo;
  }

  drop(page: string): void {
    this.pages.delete(page);
  }
}
