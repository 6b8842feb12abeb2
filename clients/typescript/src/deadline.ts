// A gRPC header has eight digits of milliseconds; Node's timers take more, but not infinity.
const LONGEST_MILLIS = 99_999_999;

/**
 * How long a call may take. Infinity is a day.
 *
 * @throws {RangeError} if it is no time
 */
export function deadlineOf(millis: number): number {
  if (!(millis > 0)) {
    throw new RangeError(`expected a deadline of more than 0 milliseconds, but found ${millis}`);
  }
  return Math.min(millis, LONGEST_MILLIS);
}
