import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { type RpcError, rpcErrors } from './errors.ts';

export interface EndPoint {
  readonly host: string;
  readonly port: number;
}

export interface Member extends EndPoint {
  readonly instance: string;
  readonly isRunning: boolean;
}

/** Nodes over one log, one of which leads. */
export class Cluster {
  readonly #members = new Set<Member>();
  /** Null during an election; it may be a node that is dead or was never there. */
  leader: EndPoint | null = null;
  /** What is said during an election to who wants the leader. */
  duringElection: () => RpcError = rpcErrors.noLeaderInfo;

  /** The first to join leads. */
  join(member: Member): void {
    this.#members.add(member);
    this.leader ??= { host: member.host, port: member.port };
  }

  isLeader({ port }: EndPoint): boolean {
    return this.leader?.port === port;
  }

  /** Why a member does not take what only the leader takes; null where it leads. */
  refusalOf(member: EndPoint): RpcError | null {
    if (this.leader === null) return this.duringElection();
    return this.isLeader(member) ? null : rpcErrors.notLeader(this.leader);
  }

  describe(): gossip.ClusterInfo {
    const info = new gossip.ClusterInfo();
    for (const member of this.#members) {
      const { VNodeState } = gossip.MemberInfo;
      const followed = this.leader === null ? VNodeState.UNKNOWN : VNodeState.FOLLOWER;
      info.addMembers(
        new gossip.MemberInfo()
          .setInstanceId(new shared.UUID().setString(member.instance))
          .setTimeStamp(String(Date.now() * 10_000))
          .setState(this.isLeader(member) ? VNodeState.LEADER : followed)
          .setIsAlive(member.isRunning)
          .setHttpEndPoint(new gossip.EndPoint().setAddress(member.host).setPort(member.port)),
      );
    }
    return info;
  }
}
