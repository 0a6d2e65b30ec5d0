/** The rules of CONTRIBUTING.md that a pattern can find. Each is a hint, right most of the time: see allowed.json. */
export interface Rule {
  readonly name: string;
  /** The advice, as the end of "Write …". */
  readonly write: string;
  /** Global: every match is a finding. */
  readonly find: RegExp;
}

const anyOf = (...words: string[]): string => `(?:${words.join('|')})`;

/** A word as it is within a sentence, and as it begins one. */
const inEitherCase = (word: string): string => word.replace(/^[a-z]/, (letter) => `[${letter}${letter.toUpperCase()}]`);

/** Before a `where` that asks for a place: "says where", "the place where", "see where". */
const PLACE = anyOf(
  ...[
    ...[
      'says?',
      'said',
      'tells?',
      'told',
      'knows?',
      'known',
      'shows?',
      'sees?',
      'looks?',
      'learns?',
      'finds?',
      'asks?',
    ],
    ...[
      'states?',
      'names?',
      'from',
      'to',
      'of',
      'about',
      'on',
      'is',
      'decides?',
      'choose',
      'and',
      'or',
      'places?(?:\\s+\\w+){0,3}',
    ],
    ...['stays?', 'leaves? it', 'cursor', 'wherever', 'gives?', 'matters?', 'machine'],
  ].map(inEitherCase),
);

/** The words that begin a clause which gives the reason, whatever its verb. */
const SUBJECT = anyOf(
  ...[
    'it',
    'they',
    'he',
    'she',
    'we',
    'you',
    'there',
    'nobody',
    'everybody',
    'nothing',
    'none',
    'one',
    'this',
    'these',
  ],
);
const VERB = anyOf(
  ...['is', 'are', 'was', 'were', 'has', 'have', 'had', 'does', 'do', 'did', 'can', 'cannot', 'may', 'must', 'will'],
  ...['would', 'could', 'should', 'takes?', 'makes?', 'keeps?', 'holds?', 'needs?', 'deletes', 'refuses?', 'ends'],
  ...['sends', 'outlives?', 'goes', 'comes', 'costs?', 'means?', 'runs', 'says?', 'serves', 'starts', 'knows?', 'asks'],
  ...['answers', 'repeats', 'lists', 'presents?', 'name', 'moves', 'puts', 'tells', 'brings', 'loses?', 'fails?'],
  ...['stays?', 'waits', 'becomes?', 'belongs?', 'reads', 'hands', 'gives', 'leaves', 'lives?', 'sees', 'counts'],
);
/** Begins a relative clause: the verb behind it is not the verb of the reason. */
const RELATIVE = anyOf(
  'that',
  'which',
  'who',
  'whose',
  'whoever',
  'whom',
  'what',
  'whatever',
  'when',
  'where',
  'if',
  'as',
);

export const RULES: readonly Rule[] = [
  {
    name: 'where for a condition',
    write: '"if" or "when"; "where" is for a place',
    find: new RegExp(
      String.raw`(?<!\b${PLACE},?\s+)\bwhere\b(?!\s*[-:.,|¶]|\s+(?:to|what|is|are|from|exactly)\b)|\bWhere\b(?=[^.,;:¶]+,)`,
      'g',
    ),
  },
  {
    name: 'for with a reason',
    write: '"because" or "since"',
    find: new RegExp(
      String.raw`[,;:)]\s+for\s+(?!each\b|one fault\b|these reasons\b|other\b|all\b|up to\b|example\b)(?:${SUBJECT}\b(?=\s+[a-z])|(?:(?!${RELATIVE}\b)[\w’'-]+\s+){1,8}?${VERB}\b)`,
      'g',
    ),
  },
  { name: 'anew', write: '"again", or "re-read"', find: /\banew\b/gi },
  {
    name: 'is no',
    write: '"is not", or "is not a"',
    find: /(?<!\bthere\s+)\b(?:is|are|was|were|be|been)\s+no\s+(?!longer|more|less|matter|later|earlier|one\b|worse|better)/gi,
  },
  {
    name: 'Answers for Returns',
    write: '"Returns": a function returns, and only a server answers',
    find: /(?<!\p{L}\s+)\bAnswers\s+(?!to\b|of\b|other\b|than\b|¶|body\b|(?:the |one |a |every |each )?(?:provider's |unsigned )?(?:requests?|calls?|deliver|handshake|question))/gu,
  },
  { name: 'got', write: '"fetched", "recovered" or "received"', find: /\b(?:got|gotten)\b/gi },
  {
    name: 'no noun',
    write: 'the noun: "the bytes that are signed" for "What is signed", "the old secret" for "that one"',
    find: /(?:(?<=[.:]\s+|^\s*(?:[-*]+\s+)?|¶\s*)What\s+(?![^.?]*\?)|\bthat\s+one\b(?=\s*[.,;:)¶]|\s+(?:is|was|has|may|and|or|for|in|on|to|of|again|alone|as|at|with|first|only|too|would|so|here|now)\b)|\b(?:one|those)\s+which\b)/gmu,
  },
  {
    name: 'a for per',
    write: '"per": one queue per source',
    find: new RegExp(
      String.raw`\b${anyOf('one', 'once', 'roles?', 'pages?', 'topics?', 'queues?', 'objects?', 'verifiers?', 'items?', 'subject', 'containers?', 'KB', 'functions?', 'requests', 'events', 'files?')} an? ${anyOf('source', 'provider', 'batch', 'function', 'delivery', 'event', 'key', 'severity', 'version', 'duplicate', 'commit', 'container', 'queue', 'stage')}\b`,
      'gi',
    ),
  },
  {
    name: 'stands or lies in',
    write: '"is in"',
    find: /\b(?:stands?|lies?|lay|stood)\s+(?:in|on|at|under|beside|there)\b(?!\s+(?:the\s+way|for)\b)/gi,
  },
];
