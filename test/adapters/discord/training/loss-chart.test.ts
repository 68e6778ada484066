import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { drawLossChart } from '../../../../src/adapters/discord/training/loss-chart.ts';

const words = { title: 'Loss of job 2cecb170', stepLabel: 'step', lossLabel: 'loss' };

interface Drawn {
  readonly width: number;
  readonly height: number;
  /** How many pixels are of the line's colour, or of the colour of text. */
  count(colour: 'line' | 'text', area?: { readonly left: number; readonly right: number }): number;
}

const colours = { line: [0x58, 0x65, 0xf2], text: [0x2e, 0x33, 0x38] } as const;

async function drawn(points: readonly { readonly step: number; readonly loss: number }[], said = words) {
  const image = await loadImage(Buffer.from(await drawLossChart({ ...said, points })));
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const seen: Drawn = {
    width,
    height,
    count: (colour, { left, right } = { left: 0, right: width }) => {
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        const x = (at / 4) % width;
        if (x < left || x >= right) continue;
        if (colours[colour].every((part, index) => data[at + index] === part)) count += 1;
      }
      return count;
    },
  };
  return seen;
}

describe('the chart of the loss', () => {
  it('shows a line from the first step to the last', async () => {
    const chart = await drawn(Array.from({ length: 200 }, (_, step) => ({ step, loss: 1 / (step + 1) })));
    expect([chart.width, chart.height]).toEqual([800, 450]);
    for (let left = 100; left < 780; left += 20) {
      expect(chart.count('line', { left, right: left + 20 })).toBeGreaterThan(10);
    }
  });

  it('shows a single point in the middle', async () => {
    const chart = await drawn([{ step: 7, loss: 0.25 }]);
    expect(chart.count('line')).toBeGreaterThan(20);
    expect(chart.count('line', { left: 0, right: 380 })).toBe(0);
    expect(chart.count('line', { left: 500, right: 800 })).toBe(0);
  });

  it('shows a loss of nothing as well as a large one', async () => {
    for (const loss of [0, 1e6]) {
      const chart = await drawn([1, 2, 3].map((step) => ({ step, loss })));
      expect(chart.count('line')).toBeGreaterThan(500);
    }
  });

  it('is labelled in every language', async () => {
    const points = [{ step: 1, loss: 1 }];
    const without = (await drawn(points, { title: '', stepLabel: '', lossLabel: '' })).count('text');
    const english = (await drawn(points)).count('text');
    const russian = await drawn(points, {
      title: 'Потери задания 2cecb170',
      stepLabel: 'шаг',
      lossLabel: 'потери',
    });
    expect(without).toBeGreaterThan(50);
    expect(english).toBeGreaterThan(without + 100);
    expect(russian.count('text')).toBeGreaterThan(without + 100);
  });

  it('that cannot be drawn is an error, and nothing else ends', async () => {
    const points = [{ step: Number.NaN, loss: 1 }];
    await expect(drawLossChart({ ...words, points })).rejects.toThrow();
  });
});
