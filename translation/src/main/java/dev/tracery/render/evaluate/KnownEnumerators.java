package dev.tracery.render.evaluate;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Enumerators that print formats leave as names and that have one value in every kernel: they are
/// user space's, too, or bits that nobody could give another meaning. All others change:
/// IB_WC_REG_MR is 8 in Linux 6.1 and 10 in 6.12.
final class KnownEnumerators {

  private static final Map<String, Integer> VALUES = new HashMap<>();

  static {
    // include/uapi/linux/bpf.h, BPF_TCP_*, which must be include/net/tcp_states.h's
    row(1, "TCP_ESTABLISHED", "TCP_SYN_SENT", "TCP_SYN_RECV", "TCP_FIN_WAIT1", "TCP_FIN_WAIT2");
    row(6, "TCP_TIME_WAIT", "TCP_CLOSE", "TCP_CLOSE_WAIT", "TCP_LAST_ACK", "TCP_LISTEN");
    row(11, "TCP_CLOSING", "TCP_NEW_SYN_RECV");
    // include/linux/hrtimer.h: REL 1, PINNED 2, SOFT 4 (4.16), HARD 8 (5.4)
    row(0, "HRTIMER_MODE_ABS", "HRTIMER_MODE_REL");
    row(2, "HRTIMER_MODE_ABS_PINNED", "HRTIMER_MODE_REL_PINNED");
    row(4, "HRTIMER_MODE_ABS_SOFT", "HRTIMER_MODE_REL_SOFT");
    row(6, "HRTIMER_MODE_ABS_PINNED_SOFT", "HRTIMER_MODE_REL_PINNED_SOFT");
    row(8, "HRTIMER_MODE_ABS_HARD", "HRTIMER_MODE_REL_HARD");
    row(10, "HRTIMER_MODE_ABS_PINNED_HARD", "HRTIMER_MODE_REL_PINNED_HARD");
    // include/uapi/linux/ioprio.h
    row(0, "IOPRIO_CLASS_NONE", "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE");
    row(7, "IOPRIO_CLASS_INVALID");
    // include/linux/mm_types.h and mm.h before it: bits of handle_mm_fault since 2.6.30
    row(0x1, "FAULT_FLAG_WRITE", "FAULT_FLAG_MKWRITE");
    row(0x4, "FAULT_FLAG_ALLOW_RETRY");
    row(0x8, "FAULT_FLAG_RETRY_NOWAIT");
    row(0x10, "FAULT_FLAG_KILLABLE");
    row(0x20, "FAULT_FLAG_TRIED");
    row(0x40, "FAULT_FLAG_USER");
    row(0x80, "FAULT_FLAG_REMOTE");
    row(0x100, "FAULT_FLAG_INSTRUCTION");
    row(0x200, "FAULT_FLAG_INTERRUPTIBLE");
    // include/linux/dma-direction.h, the same numbers as in drivers' protocols
    row(0, "DMA_BIDIRECTIONAL", "DMA_TO_DEVICE", "DMA_FROM_DEVICE", "DMA_NONE");
    // include/linux/printk.h
    row(0, "DUMP_PREFIX_NONE", "DUMP_PREFIX_ADDRESS", "DUMP_PREFIX_OFFSET");
    // include/uapi/linux/in.h
    row(6, "IPPROTO_TCP");
    row(17, "IPPROTO_UDP");
    // include/uapi/linux/nl80211.h
    row(0, "NL80211_BAND_2GHZ", "NL80211_BAND_5GHZ", "NL80211_BAND_60GHZ", "NL80211_BAND_6GHZ");
    // include/linux/writeback.h
    row(0, "WB_SYNC_NONE", "WB_SYNC_ALL");
    // include/uapi/rdma/ib_user_verbs.h, IB_UVERBS_WR_*
    row(0, "IB_WR_RDMA_WRITE", "IB_WR_RDMA_WRITE_WITH_IMM", "IB_WR_SEND", "IB_WR_SEND_WITH_IMM");
    row(4, "IB_WR_RDMA_READ", "IB_WR_ATOMIC_CMP_AND_SWP", "IB_WR_ATOMIC_FETCH_AND_ADD");
    // AT Attachment, ACS-4: the commands' codes (include/linux/ata.h has the names)
    row(0x20, "ATA_CMD_PIO_READ");
    row(0x24, "ATA_CMD_PIO_READ_EXT", "ATA_CMD_READ_EXT");
    row(0x30, "ATA_CMD_PIO_WRITE");
    row(0x34, "ATA_CMD_PIO_WRITE_EXT", "ATA_CMD_WRITE_EXT");
    row(0xc8, "ATA_CMD_READ");
    row(0xca, "ATA_CMD_WRITE");
  }

  private KnownEnumerators() {}

  /// Names whose values follow each other.
  private static void row(int first, String... names) {
    for (int i = 0; i < names.length; i++) {
      VALUES.put(names[i], first + i);
    }
  }

  /// The value of an enumerator.
  ///
  /// @return null if it is not certain
  static @Nullable Integer of(String name) {
    return VALUES.get(name);
  }

  /// All of them.
  static Map<String, Integer> all() {
    return Map.copyOf(VALUES);
  }
}
