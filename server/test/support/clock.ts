import type { Clock } from '../../src/clock.ts';

/** A clock that stands still until it is set. */
export class TestClock implements Clock {
  private at: number;

  constructor(start = '2026-03-02T09:00:00Z') {
    this.at = Date.parse(start);
  }

  now(): Date {
    return new Date(this.at);
  }

  set(time: string): void {
    this.at = Date.parse(time);
  }

  advance(seconds: number): void {
    this.at += seconds * 1000;
  }
}
