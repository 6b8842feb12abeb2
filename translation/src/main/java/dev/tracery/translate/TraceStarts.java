package dev.tracery.translate;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import dev.tracery.compiler.input.Fact;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.WordSize;
import dev.tracery.trace.TraceBuffer;
import dev.tracery.trace.TraceContent;
import dev.tracery.v1.KernelIdentity;
import dev.tracery.v1.OptionsProto;
import dev.tracery.v1.TraceStart;
import java.util.Optional;

/// What a trace says of itself, as the stream of its items begins.
final class TraceStarts {

  private TraceStarts() {}

  static TraceStart of(TraceContent content, String kernelId) {
    return TraceStart.newBuilder()
        .setKernel(kernel(content))
        .setKernelId(kernelId)
        .setClock(content.buffers().isEmpty() ? "" : content.buffers().getFirst().clock())
        .addAllBuffers(content.buffers().stream().map(TraceBuffer::name).toList())
        .addImports(DescriptorProto.getDescriptor().getFile().toProto())
        .addImports(OptionsProto.getDescriptor().getFile().toProto())
        .build();
  }

  private static KernelIdentity kernel(TraceContent content) {
    KernelInput kernel = content.kernel();
    return KernelIdentity.newBuilder()
        .setRelease(text(kernel.release()))
        .setBuild(text(kernel.build()))
        .setMachine(text(kernel.machine()))
        .setWordSize(
            content.target().wordSize() == WordSize.BITS_64
                ? dev.tracery.v1.WordSize.WORD_SIZE_64
                : dev.tracery.v1.WordSize.WORD_SIZE_32)
        .setByteOrder(
            content.target().byteOrder() == ByteOrder.BIG_ENDIAN
                ? dev.tracery.v1.ByteOrder.BYTE_ORDER_BIG_ENDIAN
                : dev.tracery.v1.ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
        .setPageSize(kernel.pageSize().map(Fact::value).orElse(0))
        .build();
  }

  private static String text(Optional<Fact<String>> fact) {
    return fact.map(Fact::value).orElse("");
  }
}
