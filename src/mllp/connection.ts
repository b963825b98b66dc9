// One MLLP connection: frames in, acknowledgments out, one message in progress at a time and every reply in the
// order of its message. No reply is ever sent for a message that was not received; then the connection is closed.

import type { Socket } from 'node:net';
import { createDeframer, frame } from '../hl7/frame.ts';

export interface Received {
  readonly bytes: Uint8Array;
  /** The frame was larger than the limit, and this is only its beginning: to be refused, never kept. */
  readonly isOversize?: true;
  readonly partner: string;
  readonly remote: string;
  /** Common name of the verified client certificate. */
  readonly clientName?: string;
}

/** The replies to send, or `close`: not kept, so say nothing and let the sender try again. */
export type Receive = (input: Received) => Promise<readonly Uint8Array[] | 'close'>;

export type ConnectionProblem =
  | 'noise'
  | 'missing-end-block'
  | 'frame-too-large'
  | 'frame-timeout'
  | 'idle'
  | 'reply-timeout'
  | 'not-received';

export interface ConnectionLimits {
  readonly bytesMax: number;
  /** From the first byte of a frame to its last, and for a peer to take a reply. */
  readonly frameTimeMsMax: number;
  /** Without a complete message; bytes that make none do not count. 0 = no limit. */
  readonly idleTimeMsMax: number;
  readonly queuedMax: number;
}

export interface ConnectionOptions {
  readonly origin: Omit<Received, 'bytes' | 'isOversize'>;
  readonly receive: Receive;
  readonly limits: ConnectionLimits;
  readonly onMessage: () => void;
  /** `thrown` is what `receive` threw, if it did. */
  readonly onProblem: (problem: ConnectionProblem, thrown?: unknown) => void;
}

/** How long a peer may take to answer our end of the connection before the socket is dropped. */
const lingerMs = 200;

type Arrived = Pick<Received, 'bytes' | 'isOversize'>;

export class MllpConnection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #queue: Arrived[] = [];
  #queuedBytes = 0;
  #isRunning = false;
  /** Set once: no further message is taken from the queue. */
  #isClosing = false;
  #hasPeerEnded = false;
  #frameTimer: NodeJS.Timeout | undefined;
  #frameSince: number | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #wakeWhenIdle: (() => void) | undefined;
  readonly #deframer;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#deframer = createDeframer({
      bytesMax: options.limits.bytesMax,
      onMessage: (bytes) => this.#enqueue({ bytes }),
      onOversize: (bytes) => {
        options.onProblem('frame-too-large');
        this.#enqueue({ bytes, isOversize: true });
      },
      onProblem: (problem) => options.onProblem(problem),
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('end', () => this.#peerEnded());
    socket.on('error', () => {}); // a reset peer: 'close' follows
    socket.on('close', () => this.#disarm());
    this.#watchIdle();
  }

  /** Lets the message in progress finish and its replies go out, takes no other, then closes. */
  async finish(): Promise<void> {
    this.#isClosing = true;
    this.#disarm();
    if (this.#isRunning) await new Promise<void>((resolve) => (this.#wakeWhenIdle = resolve));
    await this.#end();
  }

  /** Since when it has owed the end of a frame, by `performance.now()`. */
  get unfinishedSince(): number | undefined {
    return this.#frameSince;
  }

  destroy(): void {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  #read(chunk: Uint8Array): void {
    if (this.#isClosing) return;
    this.#deframer.push(chunk);
    this.#watchFrame();
    if (this.#isFull()) this.#pause();
    if (this.#queue.length > 0) void this.#run();
  }

  #enqueue(arrived: Arrived): void {
    this.#queue.push(arrived);
    this.#queuedBytes += arrived.bytes.length;
    this.#stopFrameClock();
    clearTimeout(this.#idleTimer);
    this.#options.onMessage();
  }

  #isFull(): boolean {
    const { queuedMax, bytesMax } = this.#options.limits;
    return this.#queue.length >= queuedMax || this.#queuedBytes >= bytesMax;
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let arrived = this.#take(); arrived !== undefined; arrived = this.#take()) {
        const replies = await this.#options.receive({ ...this.#options.origin, ...arrived });
        if (replies === 'close') return this.#drop('not-received');
        for (const reply of replies) await this.#write(reply);
        if (this.#socket.isPaused() && !this.#isFull() && !this.#isClosing) this.#resume();
      }
    } catch (thrown) {
      this.#drop('not-received', thrown);
    } finally {
      this.#isRunning = false;
      this.#wakeWhenIdle?.();
    }
    if (this.#isClosing) return;
    if (this.#hasPeerEnded) void this.#end();
    else this.#watchIdle();
  }

  /** A frame that was read whole is received even when its sender has gone since. */
  #take(): Arrived | undefined {
    if (this.#isClosing) return undefined;
    const arrived = this.#queue.shift();
    this.#queuedBytes -= arrived?.bytes.length ?? 0;
    return arrived;
  }

  /** Waits while the peer takes no more, but not for ever. */
  async #write(reply: Uint8Array): Promise<void> {
    if (this.#socket.destroyed || !this.#socket.writable || this.#socket.write(frame(reply))) return;
    const timer = setTimeout(() => this.#drop('reply-timeout'), this.#options.limits.frameTimeMsMax);
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
    });
    clearTimeout(timer);
  }

  #peerEnded(): void {
    this.#hasPeerEnded = true;
    if (!this.#isRunning && !this.#isClosing) void this.#end();
  }

  /** Says goodbye, reads away what still comes (unread bytes would reset the connection and lose the last reply). */
  async #end(): Promise<void> {
    this.#isClosing = true;
    this.#disarm();
    if (this.#socket.destroyed) return;
    const closed = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
    const timer = setTimeout(() => this.#socket.destroy(), lingerMs);
    this.#socket.end();
    this.#socket.resume();
    await closed;
    clearTimeout(timer);
  }

  #drop(problem: ConnectionProblem, thrown?: unknown): void {
    this.#options.onProblem(problem, thrown);
    // Complete frames before the fault are still received; replies have nowhere to go.
    if (problem === 'not-received') this.#isClosing = true;
    this.#disarm();
    this.#socket.destroy();
  }

  /** While we are the slow ones, the sender's clock stands still. */
  #pause(): void {
    this.#socket.pause();
    this.#stopFrameClock();
  }

  #resume(): void {
    this.#socket.resume();
    this.#watchFrame();
  }

  #watchFrame(): void {
    if (!this.#deframer.isInsideFrame) {
      this.#stopFrameClock();
      return;
    }
    this.#frameSince ??= performance.now();
    this.#frameTimer ??= setTimeout(() => this.#drop('frame-timeout'), this.#options.limits.frameTimeMsMax);
  }

  #stopFrameClock(): void {
    clearTimeout(this.#frameTimer);
    this.#frameTimer = undefined;
    this.#frameSince = undefined;
  }

  #watchIdle(): void {
    const { idleTimeMsMax } = this.#options.limits;
    clearTimeout(this.#idleTimer);
    if (idleTimeMsMax === 0 || this.#socket.destroyed) return;
    this.#idleTimer = setTimeout(() => {
      if (this.#isRunning || this.#isClosing) return;
      if (this.#deframer.isInsideFrame) return this.#watchIdle(); // the frame timer decides
      this.#options.onProblem('idle');
      void this.#end();
    }, idleTimeMsMax);
  }

  #disarm(): void {
    this.#stopFrameClock();
    clearTimeout(this.#idleTimer);
  }
}
