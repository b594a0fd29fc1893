// @ts-check

import { countTokens } from "../usage.mjs";
import { completed, message } from "./outcome.mjs";

const STORY = `The lighthouse keeper of Ängelholm kept a notebook in which she wrote down every ship. In the first year she counted four hundred and twelve of them, and beside each name she drew a small sign: a circle for a ship that answered her light, a cross for a ship that did not.

One night in November a ship came that was not in any register. Its name stood on the bow in three scripts: «Étoile du Nord», 北極星号, Полярная звезда. It answered her light before she had lit it. She drew a circle, hesitated, and drew a second circle around the first. 🚢✨

In the morning a sailor climbed the stairs, all one hundred and ninety-nine of them, and put a parcel on the table. “From the other keeper,” he said. “Which other keeper?” she asked. He shrugged: “The one at the far end of your light.” In the parcel lay a notebook like hers, bound in the same blue cloth, with the same signs in it — only that every circle was a cross and every cross was a circle.

她把兩本筆記放在一起，一頁一頁地比較。每一艘船都在兩本裡面，每一個記號都相反。她想：也許光有兩端，而船只看得見一端。窗外，海很安靜，像一張還沒有寫字的紙。

She wrote a letter and gave it to the next ship that did not answer. It was a short letter: “Dear colleague, I think that we count the same sea. Shall we compare?” Then she waited. Winter came, and with it the ice; the ships stayed away, and she learned to bake bread with caraway, the way her grandmother had done it in Kraków. 🍞

W marcu, gdy lód pękł, przyszła odpowiedź. It was written in her own hand, and it was older than the paper she had used. “Dear colleague,” it said, “we always do. Leave the light on.” She read it twice, laughed until the gulls complained, and put the letter into the notebook, between the last page and the first. 👩‍🔬🕯️

Since then the keepers of that coast leave a line free under every entry. Nobody has told them to, and nobody has ever written anything there. But when the fog is thick and the lamp is warm, they say, you can see the paper grow a little darker in that place, as if somebody, very far away, were resting a pencil on it and thinking.`;

const BREAK = "\n\n* * *\n\n";
const TOKENS = countTokens(STORY + BREAK);

/** However many tokens are asked for, the story fits into the memory of a browser. */
const MAX_TELLINGS = 400;

/** @type {import("./index.mjs").Model} */
export const story = {
  description: "Tells a long story, again and again if max_output_tokens leaves room for it.",
  answer: (turn) => {
    const room = Math.floor((turn.body.max_output_tokens ?? 0) / TOKENS);
    const tellings = Math.min(Math.max(room, 1), MAX_TELLINGS);
    return completed(message(turn, Array(tellings).fill(STORY).join(BREAK)));
  },
};
