import * as entry from "../../pkg/dist/workerd.js";
import { jsMin } from "../contestants/js-min.mjs";
import { openaiCreate } from "../contestants/openai.mjs";
import { ours } from "../contestants/ours.mjs";
import { DELIVERIES } from "../delivery.mjs";
import { streamingFetch } from "../fake-fetch.mjs";
import { Consumer, charactersOf } from "../given.mjs";
import { workload } from "../workloads/index.mjs";

const contestants = [ours(entry)[0], jsMin, openaiCreate];

const work = workload("W1");

/** Runs a contestant that many times on W1, and tells how many events that were. Clocks stand still here. */
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    const contestant = contestants.find(({ name }) => name === searchParams.get("name"));
    const fetch = streamingFetch(DELIVERIES[searchParams.get("delivery")](work.frames));
    const run = contestant.prepare({ fetch, payloads: work.payloads });
    const runs = Number(searchParams.get("runs"));
    const consumer = new Consumer();
    for (let at = 0; at < runs; at += 1) await run(consumer.take);
    const isWhole = consumer.characters === runs * charactersOf(contestant, work);
    return Response.json({ events: runs * work.events.length, isWhole });
  },
};
