/** The bounds of the processing of a source, as the stack tells its processor. */
export interface ProcessingSettings {
  /** Whether failing tries slow the source, and then pause it. */
  readonly breaker: boolean;
  /** Whether dead letters of an outage go back by themselves once it is over. */
  readonly selfRepair: boolean;
  /** The most events a second that the handler is given. */
  readonly perSecond?: number;
}
