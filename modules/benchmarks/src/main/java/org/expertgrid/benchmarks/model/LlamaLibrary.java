package org.expertgrid.benchmarks.model;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The functions of llama.cpp's C interface that are used here, and their structures, as of its build b4916. The native library is the one
 * in the jar of {@code de.kherud:llama}. Names are those of the C header.
 */
interface LlamaLibrary extends Library {
    /** The number of the build that the structures below belong to. */
    String BUILD = "b4916";

    /** How a model's file is loaded. */
    @FieldOrder({
        "devices",
        "n_gpu_layers",
        "split_mode",
        "main_gpu",
        "tensor_split",
        "progress_callback",
        "progress_callback_user_data",
        "kv_overrides",
        "vocab_only",
        "use_mmap",
        "use_mlock",
        "check_tensors"
    })
    class ModelParameters extends Structure implements Structure.ByValue {
        public Pointer devices;
        public int n_gpu_layers;
        public int split_mode;
        public int main_gpu;
        public Pointer tensor_split;
        public Pointer progress_callback;
        public Pointer progress_callback_user_data;
        public Pointer kv_overrides;
        public byte vocab_only;
        public byte use_mmap;
        public byte use_mlock;
        public byte check_tensors;
    }

    /** How sequences are computed. */
    @FieldOrder({
        "n_ctx",
        "n_batch",
        "n_ubatch",
        "n_seq_max",
        "n_threads",
        "n_threads_batch",
        "rope_scaling_type",
        "pooling_type",
        "attention_type",
        "rope_freq_base",
        "rope_freq_scale",
        "yarn_ext_factor",
        "yarn_attn_factor",
        "yarn_beta_fast",
        "yarn_beta_slow",
        "yarn_orig_ctx",
        "defrag_thold",
        "cb_eval",
        "cb_eval_user_data",
        "type_k",
        "type_v",
        "logits_all",
        "embeddings",
        "offload_kqv",
        "flash_attn",
        "no_perf",
        "abort_callback",
        "abort_callback_data"
    })
    class ContextParameters extends Structure implements Structure.ByValue {
        public int n_ctx;
        public int n_batch;
        public int n_ubatch;
        public int n_seq_max;
        public int n_threads;
        public int n_threads_batch;
        public int rope_scaling_type;
        public int pooling_type;
        public int attention_type;
        public float rope_freq_base;
        public float rope_freq_scale;
        public float yarn_ext_factor;
        public float yarn_attn_factor;
        public float yarn_beta_fast;
        public float yarn_beta_slow;
        public int yarn_orig_ctx;
        public float defrag_thold;
        public Pointer cb_eval;
        public Pointer cb_eval_user_data;
        public int type_k;
        public int type_v;
        public byte logits_all;
        public byte embeddings;
        public byte offload_kqv;
        public byte flash_attn;
        public byte no_perf;
        public Pointer abort_callback;
        public Pointer abort_callback_data;
    }

    /** The tokens of one step. The arrays are native memory that {@link #llama_batch_init} allocates. */
    @FieldOrder({"n_tokens", "token", "embd", "pos", "n_seq_id", "seq_id", "logits"})
    class Batch extends Structure implements Structure.ByValue {
        public int n_tokens;
        public Pointer token;
        public Pointer embd;
        public Pointer pos;
        public Pointer n_seq_id;
        public Pointer seq_id;
        public Pointer logits;
    }

    /** Receives what the library logs. */
    interface Log extends Callback {
        void log(int level, String text, Pointer data);
    }

    void llama_backend_init();

    void llama_log_set(Log log, Pointer data);

    String llama_print_system_info();

    ModelParameters llama_model_default_params();

    Pointer llama_model_load_from_file(String file, ModelParameters parameters);

    void llama_model_free(Pointer model);

    ContextParameters llama_context_default_params();

    Pointer llama_init_from_model(Pointer model, ContextParameters parameters);

    void llama_free(Pointer context);

    void llama_kv_self_clear(Pointer context);

    Batch llama_batch_init(int tokens, int embedding, int sequences);

    void llama_batch_free(Batch batch);

    int llama_decode(Pointer context, Batch batch);

    Pointer llama_get_logits_ith(Pointer context, int index);

    /** Drops what the library logs. A constant, because native code refers to it for as long as the process runs. */
    Log SILENT = (level, text, data) -> {};

    /** Returns the library, silenced and ready; nothing where the jar has none for this system. */
    static Optional<LlamaLibrary> load() {
        return Loaded.LIBRARY;
    }

    /** Loads the library once: two copies of it in one process free the same memory when the process ends. */
    final class Loaded {
        private static final Optional<LlamaLibrary> LIBRARY = load();

        private Loaded() {}

        private static Optional<LlamaLibrary> load() {
            String system = System.getProperty("os.name")
                    .replaceFirst("Mac OS X", "Mac")
                    .replaceFirst("Windows.*", "Windows");
            String processor = System.getProperty("os.arch").replace("amd64", "x86_64");
            String resource = "/de/kherud/llama/" + system + "/" + processor + "/" + System.mapLibraryName("jllama");
            if (LlamaLibrary.class.getResource(resource) == null) {
                return Optional.empty();
            }
            try {
                File file = Native.extractFromResourcePath(resource, LlamaLibrary.class.getClassLoader());
                LlamaLibrary library = Native.load(file.getAbsolutePath(), LlamaLibrary.class);
                library.llama_log_set(SILENT, null);
                library.llama_backend_init();
                return Optional.of(library);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unpack " + resource + ": " + e.getMessage(), e);
            } catch (UnsatisfiedLinkError e) {
                return Optional.empty();
            }
        }
    }
}
