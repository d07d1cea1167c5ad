/** Reads the piece bits of the API: hex digits, most significant bit first. */
export function has(bits: string, piece: number): boolean {
  const digit = parseInt(bits[piece >> 2] ?? "0", 16);
  return ((digit >> (3 - (piece & 3))) & 1) === 1;
}

export interface Run {
  first: number;
  length: number;
  have: boolean;
}

/** Neighbours of one state, in order. */
export function runs(bits: string, total: number): Run[] {
  const found: Run[] = [];
  for (let piece = 0; piece < total; piece++) {
    const have = has(bits, piece);
    const last = found.at(-1);
    if (last?.have === have) last.length++;
    else found.push({ first: piece, length: 1, have });
  }
  return found;
}

/** At most `cells` shares, 0 to 1, each of how many of its pieces we have. */
export function shares(bits: string, total: number, cells: number): number[] {
  const count = Math.min(total, cells);
  const result: number[] = [];
  for (let cell = 0; cell < count; cell++) {
    const from = Math.floor((cell * total) / count);
    const to = Math.floor(((cell + 1) * total) / count);
    let have = 0;
    for (let piece = from; piece < to; piece++) if (has(bits, piece)) have++;
    result.push(have / (to - from));
  }
  return result;
}
