// How probable it is that so few, or so many, of something come when on average `mean` come: the tails of the Poisson
// distribution.

/** P(X ≤ count). A negative count has probability 0. */
export function atMost(count: number, mean: number): number {
  if (count < 0) return 0;
  if (mean <= 0) return 1;
  const whole = Math.floor(count);
  return whole < mean ? sumDown(whole, mean) : 1 - sumUp(whole + 1, mean);
}

/** P(X ≥ count). */
export function atLeast(count: number, mean: number): number {
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  const whole = Math.ceil(count);
  return whole > mean ? sumUp(whole, mean) : 1 - sumDown(whole - 1, mean);
}

/** Terms from `count` down, each smaller than the last, for a count below the mean. */
function sumDown(count: number, mean: number): number {
  let term = 1;
  let sum = 1;
  for (let k = count; k > 0 && term > 1e-18; k -= 1) {
    term *= k / mean;
    sum += term;
  }
  return Math.min(1, sum * probability(count, mean));
}

/** Terms from `count` up, each smaller than the last, for a count above the mean. */
function sumUp(count: number, mean: number): number {
  let term = 1;
  let sum = 1;
  for (let k = count + 1; term > 1e-18; k += 1) {
    term *= mean / k;
    sum += term;
  }
  return Math.min(1, sum * probability(count, mean));
}

const probability = (count: number, mean: number): number =>
  Math.exp(count * Math.log(mean) - mean - logFactorial(count));

/** Exact up to 20, then Stirling's series, whose error there is below 1e-12. */
function logFactorial(n: number): number {
  if (n <= 20) {
    let product = 1;
    for (let k = 2; k <= n; k += 1) product *= k;
    return Math.log(product);
  }
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1_260 * n ** 5);
}
