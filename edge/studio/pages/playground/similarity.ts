/** Cosine of the angle between two vectors: 1 the same direction, 0 nothing in common. NaN where one is all zeros. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  let [product, first, second] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    product += x * y;
    first += x * x;
    second += y * y;
  }
  return product / Math.sqrt(first * second);
}
