use std::hint::black_box;

use criterion::{Criterion, Throughput};
use openresponses_wasm::exchange::{Config, Exchange, Expect, Head, Input, Moment, Next};
use openresponses_wasm::sse::Parser;

use crate::workload::{self, Workload};

/// What a chunk of a fast connection holds.
const CHUNK: usize = 16 * 1024;

const AT: Moment = Moment { now: 0.0, entropy: 0.5 };

pub(crate) fn run(criterion: &mut Criterion) {
    let workloads = [workload::text(), workload::objects(), workload::arguments()];
    each(criterion, "sse", &workloads, parse);
    each(criterion, "exchange", &workloads, |stream| {
        black_box(exchange(stream));
    });
    let mut group = criterion.benchmark_group("snapshot");
    for Workload { name, stream } in &workloads {
        // The terminal event brings the response itself: what is to be built is there before it.
        let open = exchange(&stream[..stream.len() / 2]);
        group.bench_function(*name, |bencher| bencher.iter(|| open.response().to_json()));
    }
    group.finish();
}

fn each(criterion: &mut Criterion, name: &str, workloads: &[Workload], measured: impl Fn(&[u8])) {
    let mut group = criterion.benchmark_group(name);
    for Workload { name, stream } in workloads {
        group.throughput(Throughput::Bytes(stream.len() as u64));
        group.bench_function(*name, |bencher| bencher.iter(|| measured(black_box(stream))));
    }
    group.finish();
}

fn parse(stream: &[u8]) {
    let mut parser = Parser::new(Parser::DEFAULT_LIMIT);
    for chunk in stream.chunks(CHUNK) {
        let parsed = parser.push(chunk, |frame| {
            black_box(frame);
        });
        assert!(parsed.is_ok(), "no event is too large");
    }
}

/// A call that has been given these bytes, chunk by chunk, and has handed over their events.
fn exchange(stream: &[u8]) -> Exchange {
    let mut exchange = Exchange::new(Config { max_event_bytes: Parser::DEFAULT_LIMIT, ..Config::new(Expect::Stream) });
    exchange.handle(AT, Input::Start);
    let content_type = Some("text/event-stream".to_owned());
    exchange.handle(AT, Input::Head(Head { status: 200, content_type, ..Head::default() }));
    exchange.handle(AT, Input::Pull);
    for chunk in stream.chunks(CHUNK) {
        if exchange.handle(AT, Input::Chunk(chunk)) == Next::Deliver {
            let block = exchange.block();
            black_box((block.columns().len(), block.text().len()));
            black_box(block.json());
            exchange.handle(AT, Input::Pull);
        }
    }
    exchange
}
