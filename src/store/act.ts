// Who asks, when, and what was asked: what the audit row of a read or a search says of the asking.

export interface Act {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `system:client`. */
  readonly actor: string;
  /** The question in base64, as IHE BALP keeps it (`AuditEvent.entity.query`). */
  readonly request?: string | undefined;
}
