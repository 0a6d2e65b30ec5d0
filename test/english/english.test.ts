import { describe, expect, it } from '@jest/globals';
import { commentsOf, countWords, pageOf, textsOf } from './prose.ts';
import { RULES } from './rules.ts';

const findings = (prose: string): string[] =>
  RULES.flatMap(({ name, find }) => Array.from(prose.matchAll(find), () => name));

describe('finds', () => {
  it.each([
    ['where for a condition', 'Undefined where there is none.'],
    ['where for a condition', 'Throws where the source is not configured.'],
    ['where for a condition', 'Not where one of the two was listed.'],
    ['where for a condition', 'Where Secrets Manager fails, the cache serves on.'],
    ['where for a condition', 'The time, where the provider\n * signs one.'],
    ['for with a reason', 'The mark may fail, for the event is safe in its queue.'],
    ['for with a reason', 'It runs again, for nobody knows how long ago it was stored.'],
    ['for with a reason', 'Names are kept, for logs name errors.'],
    ['anew', 'The item is written anew.'],
    ['is no', 'A mark that fails is no failure.'],
    ['is no', 'Bodies that are no UTF-8.'],
    ['Answers for Returns', 'Answers whether all of them are safe.'],
    ['Answers for Returns', 'Adds an event. Answers the id of its entry.'],
    ['got', 'These events are got by polling.'],
    ['no noun', 'What is signed.'],
    ['no noun', 'The next poll reads that one again.'],
    ['a for per', 'There is one queue a source.'],
    ['stands or lies in', 'The address stands in the outputs.'],
  ])('%s: %s', (rule, sentence) => {
    expect(findings(commentsOf(`/** ${sentence} */\nconst x = 1;\n`))).toEqual([rule]);
    expect(findings(pageOf(`# Page\n\n${sentence.replaceAll('*', '')}\n`))).toEqual([rule]);
  });
});

describe('passes', () => {
  it.each([
    'Says where the event is.',
    'The place in the archive where the evidence is kept.',
    'Where the local gateway listens.',
    'Undefined if there is none.',
    'The house is laid out by what runs where: this, and that.',
    'It says the most events that one poll handles.',
    'Two goals are missed, for these reasons: one has been measured.',
    'Kept for 30 days, for each source.',
    'A group of logs, for the sections below.',
    'There is no answer to look at.',
    'The previous version is no longer served.',
    'Answers the deliveries of one source.',
    'Returns whether all of them are safe.',
    'What must be done now?',
    'Whatever happens, one event is processed once.',
    'One queue per source.',
    'A bucket stands in the way.',
    'It calls a function a second time.',
  ])('%s', (sentence) => {
    expect(findings(commentsOf(`// ${sentence}\nrun();\n`))).toEqual([]);
    expect(findings(pageOf(`${sentence}\n`))).toEqual([]);
  });
});

describe('reads', () => {
  it('comments, at their own lines, and no code', () => {
    const prose = commentsOf("const a = 'undefined where it is';\n\n/**\n * One.\n */\nconst b = `// anew`; // Two.\n");
    expect(prose.split('\n').map((line) => line.replaceAll('¶', ' ').trim())).toEqual([
      '',
      '',
      '',
      'One.',
      '',
      'Two.',
      '',
    ]);
  });

  it('no rule across code', () => {
    expect(findings(commentsOf('// The mark is\nrun();\n// no failure.\n'))).toEqual([]);
    expect(findings(commentsOf('// The mark is\n// no failure.\n'))).toEqual(['is no']);
  });

  it('pages without code, addresses and HTML comments', () => {
    const page = '<!-- anew -->\n\nSee [it](docs/anew.md), `anew`.\n\n```sh\nrun # anew\n```\n';
    expect(findings(pageOf(page))).toEqual([]);
    expect(findings(pageOf(`${page}\nRead it anew.\n`))).toEqual(['anew']);
  });

  it('texts that are sentences, and no comment', () => {
    expect(findings(textsOf('fail(`The answer of ${name} is no URL.`); // It is no URL.\n'))).toEqual(['is no']);
    expect(findings(textsOf("const word = 'anew';\n"))).toEqual([]);
  });

  it('words', () => {
    expect(countWords(commentsOf("/** The provider's own id, 3 times. */"))).toBe(5);
  });
});

it('gives each rule a name of its own', () => {
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
});
