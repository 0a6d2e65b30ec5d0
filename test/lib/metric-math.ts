/** A time series, a value per period, undefined without data; or a number that stands for one of equal values. */
type Series = readonly (number | undefined)[];
type Value = number | Series;

const TOKEN = /\s*(?:[A-Za-z_]\w*|\d+(?:\.\d+)?|>=|<=|[()<>,+\-*/])/gy;
/** Operators, the loosest first. */
const LEVELS = [['OR'], ['AND'], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/']];
const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  OR: (a, b) => Number(a !== 0 || b !== 0),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const at = (value: Value, index: number): number | undefined => (typeof value === 'number' ? value : value[index]);

/**
 * The points of an expression of CloudWatch's metric math over so many periods: as much of the language as the alarms use
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html). Without data on one side of an operator
 * there is none in the result; SUM of one series is a number.
 */
export function pointsOf(expression: string, periods: number, of: Readonly<Record<string, Series>>): Series {
  const found = [...expression.matchAll(TOKEN)];
  if (found.map(([whole]) => whole).join('') !== expression) throw new Error(`not metric math: ${expression}`);
  const tokens = found.map(([whole]) => whole.trim());
  const indices = [...Array(periods).keys()];
  const each = (point: (index: number) => number | undefined): Series => indices.map(point);
  const take = (wanted: string): void => {
    const token = tokens.shift();
    if (token !== wanted) throw new Error(`${wanted} expected, and not ${token ?? 'the end'}: ${expression}`);
  };

  const functions: Readonly<Record<string, (...values: Value[]) => Value>> = {
    FILL: (series = [], value = 0) => each((index) => at(series, index) ?? at(value, index)),
    SUM: (series = []) => indices.reduce((sum, index) => sum + (at(series, index) ?? 0), 0),
    RUNNING_SUM: (series = []) => {
      let sum = 0;
      return each((index) => (sum += at(series, index) ?? 0));
    },
    IF: (condition = [], then = 0, otherwise = 0) =>
      each((index) => {
        const is = at(condition, index);
        return is === undefined ? undefined : at(is === 0 ? otherwise : then, index);
      }),
  };

  const operand = (): Value => {
    const token = tokens.shift() ?? '';
    if (token === '(') {
      const value = level(0);
      take(')');
      return value;
    }
    if (/^\d/.test(token)) return Number(token);
    const named = functions[token];
    if (!named) return each((index) => of[token]?.[index]);
    take('(');
    const values = [level(0)];
    while (tokens[0] === ',') values.push((take(','), level(0)));
    take(')');
    return named(...values);
  };

  const level = (depth: number): Value => {
    const operators = LEVELS[depth];
    if (!operators) return operand();
    let value = level(depth + 1);
    while (operators.includes(tokens[0] ?? '')) {
      const operate = OPERATORS[tokens.shift() ?? ''];
      const [left, right] = [value, level(depth + 1)];
      if (!operate) break;
      const point = (index: number): number | undefined => {
        const [a, b] = [at(left, index), at(right, index)];
        return a === undefined || b === undefined ? undefined : operate(a, b);
      };
      value = typeof left === 'number' && typeof right === 'number' ? operate(left, right) : each(point);
    }
    return value;
  };

  const result = level(0);
  if (tokens.length > 0) throw new Error(`${tokens.join(' ')} is too much: ${expression}`);
  return each((index) => at(result, index));
}
