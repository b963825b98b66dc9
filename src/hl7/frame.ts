// MLLP release 1 framing (HL7 v2 transport, "Minimal Lower Layer Protocol"): VT, message, FS CR. The de-framer takes
// chunks cut anywhere, looks at every byte once and keeps at most one unfinished frame, or the beginning of one that is
// too large to keep.

import { Fault } from '../base/fault.ts';

const VT = 0x0b;
const FS = 0x1c;
const CR = 0x0d;
const LF = 0x0a;

/** `noise`: bytes outside any frame. `missing-end-block`: a new frame began before the last one ended. */
export type FrameProblem = 'noise' | 'missing-end-block';

export interface Deframer {
  /** Without `onOversize` it throws `mllp.frame-too-large`; what was unfinished is then forgotten. */
  push(chunk: Uint8Array): void;
  readonly isInsideFrame: boolean;
}

export interface DeframerOptions {
  readonly bytesMax: number;
  readonly onMessage: (bytes: Uint8Array) => void;
  /** Told at the end of a frame that was too large, with its beginning; the rest was read and not kept. */
  readonly onOversize?: (head: Uint8Array) => void;
  readonly onProblem: (problem: FrameProblem) => void;
}

/** Enough of an oversized message to read its header, and to say whose it was. */
const headBytesMax = 16_384;

export function createDeframer({ bytesMax, onMessage, onOversize, onProblem }: DeframerOptions): Deframer {
  let isInside = false;
  let isAfterFs = false;
  let isOversize = false;
  let kept = nothing;
  let length = 0;

  function keep(bytes: Uint8Array): void {
    if (isOversize) return;
    if (length + bytes.length > bytesMax) {
      keepHead(bytes);
      return;
    }
    if (length + bytes.length > kept.length) {
      // Doubling keeps the work linear, and memory bounded, when a peer sends byte by byte.
      const larger = Buffer.allocUnsafe(Math.min(Math.max(2 * (length + bytes.length), 1024), bytesMax));
      kept.copy(larger, 0, 0, length);
      kept = larger;
    }
    kept.set(bytes, length);
    length += bytes.length;
  }

  function keepHead(bytes: Uint8Array): void {
    if (!onOversize) {
      restart(false);
      throw new Fault('mllp.frame-too-large');
    }
    const head = kept.subarray(0, Math.min(length, headBytesMax));
    kept = Buffer.concat([head, bytes.subarray(0, headBytesMax - head.length)]);
    length = kept.length;
    isOversize = true;
  }

  function finish(message: Uint8Array): void {
    const tell = isOversize && onOversize ? onOversize : onMessage;
    restart(false);
    tell(message);
  }

  /** The buffer goes with its message; the next frame gets its own. */
  function restart(inside: boolean): void {
    isInside = inside;
    isAfterFs = false;
    isOversize = false;
    kept = nothing;
    length = 0;
  }

  function push(input: Uint8Array): void {
    const chunk = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
    let at = 0;
    let vt = nextOf(chunk, VT, 0);
    let fs = nextOf(chunk, FS, 0);
    while (at < chunk.length) {
      if (vt < at) vt = nextOf(chunk, VT, at);
      if (!isInside) {
        if (hasNoise(chunk, at, vt)) onProblem('noise');
        if (vt === chunk.length) return;
        restart(true);
        at = vt + 1;
        continue;
      }
      if (isAfterFs) {
        isAfterFs = false;
        if (chunk[at] === CR) {
          at += 1;
          finish(kept.subarray(0, length));
          continue;
        }
        keep(loneFs);
      }
      if (fs < at) fs = nextOf(chunk, FS, at);
      if (vt < fs) {
        restart(true);
        onProblem('missing-end-block');
        at = vt + 1;
        continue;
      }
      if (length === 0 && fs + 1 < chunk.length && chunk[fs + 1] === CR && fs - at <= bytesMax) {
        const message = chunk.subarray(at, fs);
        restart(false);
        at = fs + 2;
        onMessage(message);
        continue;
      }
      keep(chunk.subarray(at, fs));
      isAfterFs = fs < chunk.length;
      at = fs + 1;
    }
  }

  return {
    push,
    get isInsideFrame() {
      return isInside;
    },
  };
}

/** The bytes of one frame around a message; text is written as UTF-8. */
export function frame(message: Uint8Array | string): Uint8Array {
  const bytes = typeof message === 'string' ? Buffer.from(message, 'utf8') : message;
  const framed = new Uint8Array(bytes.length + 3);
  framed[0] = VT;
  framed.set(bytes, 1);
  framed[bytes.length + 1] = FS;
  framed[bytes.length + 2] = CR;
  return framed;
}

const loneFs = Uint8Array.of(FS);
const nothing = Buffer.alloc(0);

/** Index of the next such byte, or the length. */
function nextOf(chunk: Buffer, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at < 0 ? chunk.length : at;
}

/** Line ends between frames are common and harmless. */
function hasNoise(chunk: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index += 1) if (chunk[index] !== CR && chunk[index] !== LF) return true;
  return false;
}
