/** A demo's clock that keeps pace with a program whose time runs `scale` times as fast. Gives what stops it. */
import type { Demo } from '../../demo/index.js';

export function keepPace(demo: Demo, scale: number): () => void {
  let before = performance.now();
  const ticker = setInterval(() => {
    const passed = Math.floor((performance.now() - before) * scale);
    demo.clock.advance(passed / 1000);
    before += passed / scale;
  }, 3);
  return () => clearInterval(ticker);
}
