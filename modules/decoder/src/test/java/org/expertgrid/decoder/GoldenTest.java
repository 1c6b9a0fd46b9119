package org.expertgrid.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.*;
import org.expertgrid.checkpoints.safetensors.Tensors;
import org.expertgrid.decoder.architecture.*;
import org.expertgrid.decoder.dense.DenseTensors;
import org.expertgrid.experts.errors.Problems;
import org.expertgrid.kernels.Matrix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "olmoe",
                "olmoe-clip",
                "qwen3_moe",
                "mixtral",
                "mixtral-sliding",
                "gpt_oss",
                "gpt_oss-mxfp4",
                "qwen2_moe",
                "deepseek_v2-lite",
                "deepseek_v2",
                "deepseek_v3",
                "granitemoe",
                "granitemoeshared",
                "phimoe",
                "glm4_moe",
                "ernie4_5_moe",
                "llama4_text",
                "dbrx",
                "qwen3_moe-fp8"
            })
    void attentionAgrees(String name) throws Exception {
        Path folder = Path.of("../checkpoints/src/test/resources/families").resolve(name);
        Tensors tensors = Tensors.ofFolder(folder);
        Tensors golden = Tensors.ofFile(folder.resolve("golden.safetensors"));
        Map<String, Object> config = JSON.std.mapFrom(Files.readString(folder.resolve("config.json")));
        Problems problems = new Problems();
        Architecture a = ArchitectureReader.read(
                config,
                l -> tensors.names().stream()
                        .noneMatch(n -> n.matches("model.layers." + l + "\\.(mlp|feed_forward)\\.gate_proj.weight")),
                problems);
        problems.throwIfAny();
        DenseTensors.check(a, tensors, problems);
        problems.throwIfAny();
        DecoderOptions options = DecoderOptions.defaults().withExpertLayers(l -> x -> {
            float[] in = floats(golden, "layer." + l + ".moe.in");
            float[] xs = x.toFloatArray();
            double worst = 0, max = 1;
            for (int i = 0; i < xs.length; i++) {
                worst = Math.max(worst, Math.abs(in[i] - xs[i]));
                max = Math.max(max, Math.abs(in[i]));
            }
            System.out.println(name + " layer " + l + " moe.in " + worst / max);
            float[] out = floats(golden, "layer." + l + ".moe.out");
            return Matrix.wrap(x.rows(), x.columns(), out);
        });
        Decoder d = Decoder.read(
                a, new DenseTensors(tensors, options.weightsAs(), options.kernels(), options.team()), options);
        ByteBuffer ids = golden.get("input_ids").read();
        int[] one = new int[12], two = new int[12];
        for (int i = 0; i < 12; i++) {
            one[i] = (int) ids.getLong(8 * i);
            two[i] = (int) ids.getLong(8 * (i + 12));
        }
        Step s = d.step(List.of(new Chunk(d.begin(12), one, 12), new Chunk(d.begin(12), two, 12)));
        float[] want = floats(golden, "logits");
        double worst = 0, max = 1;
        for (int k = 0; k < 2; k++) {
            float[] got = s.logits().get(k).toFloatArray();
            for (int i = 0; i < got.length; i++) {
                worst = Math.max(worst, Math.abs(want[k * got.length + i] - got[i]));
                max = Math.max(max, Math.abs(want[i]));
            }
        }
        System.out.println(name + " logits " + worst / max);
        assertThat(worst / max).isLessThan(1e-5);
    }

    private static float[] floats(Tensors t, String name) {
        ByteBuffer b = t.get(name).read();
        float[] f = new float[b.remaining() / 8];
        for (int i = 0; i < f.length; i++) f[i] = (float) b.getDouble(8 * i);
        return f;
    }
}
