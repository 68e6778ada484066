import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { Chart, LinearScale, LineController, LineElement, PointElement, Title } from 'chart.js';
import { LossChartTask } from './loss-chart-task.ts';

const WIDTH = 800;
const HEIGHT = 450;
/** Up to so many, each point is marked; more would cover the line. */
const MAX_MARKED = 50;
const COLOURS = { paper: '#ffffff', text: '#2e3338', grid: '#e3e5e8', line: '#5865f2' };

Chart.register(LineController, LineElement, PointElement, LinearScale, Title);
// A machine without fonts draws the same chart.
for (const script of ['latin', 'cyrillic']) {
  const file = import.meta.resolve(`@fontsource/pt-sans/files/pt-sans-${script}-400-normal.woff2`);
  GlobalFonts.registerFromPath(fileURLToPath(file), `chart ${script}`);
}
Chart.defaults.font = { ...Chart.defaults.font, family: '"chart latin", "chart cyrillic"', size: 16 };
Chart.defaults.color = COLOURS.text;

parentPort?.postMessage(draw(LossChartTask.parse(workerData)));

/** PNG. */
function draw({ points, title, stepLabel, lossLabel }: LossChartTask): Uint8Array {
  const canvas = createCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  const chart = new Chart<'line'>(context, {
    type: 'line',
    data: {
      datasets: [
        {
          data: points.map(({ step, loss }) => ({ x: step, y: loss })),
          borderColor: COLOURS.line,
          backgroundColor: COLOURS.line,
          borderWidth: 2.5,
          borderJoinStyle: 'round',
          clip: 8,
          pointRadius: points.length <= MAX_MARKED ? 4 : 0,
        },
      ],
    },
    options: {
      locale: 'en',
      animation: false,
      responsive: false,
      devicePixelRatio: 1,
      layout: { padding: 16 },
      plugins: { title: { display: true, text: title, font: { size: 20, weight: 'normal' } } },
      scales: {
        x: {
          type: 'linear',
          title: { display: true, text: stepLabel },
          ticks: { precision: 0 },
          grid: { color: COLOURS.grid },
          ...rangeOfSteps(points),
        },
        y: {
          title: { display: true, text: lossLabel },
          grid: { color: COLOURS.grid },
          beginAtZero: true,
          grace: '5%',
        },
      },
    },
    plugins: [
      {
        id: 'paper',
        beforeDraw: () => {
          context.fillStyle = COLOURS.paper;
          context.fillRect(0, 0, WIDTH, HEIGHT);
        },
      },
    ],
  });
  const png = canvas.toBuffer('image/png');
  chart.destroy();
  return new Uint8Array(png);
}

/** A single point stands in the middle. */
function rangeOfSteps(points: LossChartTask['points']): { readonly min?: number; readonly max?: number } {
  const [first = 0, last = 0] = [points[0]?.step, points.at(-1)?.step];
  return first === last ? { min: first - 1, max: last + 1 } : { min: first, max: last };
}
