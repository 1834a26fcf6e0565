using System.Diagnostics;
using System.Text;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Conformance;
using Pyvene.Typed.Tests.Tokenization;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Fuzzing;

/// <summary>Whatever a file or a text says, reading it ends soon, in a value or in one of the library's own refusals.</summary>
public sealed class MalformedInputTests : IDisposable
{
    private static readonly string[] Experiments =
    [
        """{"version": 1, "architecture": "gpt2", "sources": 1, "interventions": [{"type": "interchange", "component": "mlp_output", "layer": 2, "at": [0, "^1"], "features": [0, 1], "source": 0, "name": "a"}]}""",
        """{"version": 1, "architecture": "gpt2", "interventions": [{"type": "addition", "component": "block_output", "layer": 1, "at": "0..2", "constant": {"shape": [1], "values": [2]}}, {"type": "collect", "component": "attention_weight", "layer": 3, "heads": [0, 3], "name": "p"}]}""",
        """{"version": 1, "architecture": "gpt2", "sources": 1, "interventions": [{"type": "low_rank_rotated_space", "parameters": {"width": 128, "rank": 2}, "component": "block_output", "layer": 2, "at": {"text": " Spain"}}]}""",
        """{"version": 1, "architecture": "gpt2", "interventions": [{"type": "zero", "module": "transformer.h[1].mlp", "side": "input", "item": 0, "head_count": 4, "unit": "position", "steps": ["prompt", 1]}]}""",
    ];

    private readonly TemporaryFolder folder = new("malformed");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AnExperimentIsBoundOrRefused() => Holds(200, random => Mutation.OfJson(random, Experiments[random.Next(Experiments.Length)]), json =>
    {
        using var plan = InterventionPlan.Bind(Primer.Module, InterventionConfig.FromJson(json));
    });

    [Fact]
    public void AConfigurationOfAModelIsReadOrRefused()
    {
        var source = Path.Combine(GoldenRoots.Own, "models", "gpt2-lm");
        File.Copy(Path.Combine(source, "model.safetensors"), Path.Combine(folder.Path, "model.safetensors"));
        var right = File.ReadAllText(Path.Combine(source, "config.json"));
        Holds(100, random => Mutation.OfJson(random, right), json =>
        {
            folder.Write("config.json", json);
            using var scope = NewDisposeScope();
            using var model = ModelLoader.Load(folder.Path);
        });
    }

    [Fact]
    public void OptionsOfAGenerationAreReadOrRefused() => Holds(
        300,
        random => Mutation.OfJson(random, """{"max_new_tokens": 3, "do_sample": true, "eos_token_id": [0], "temperature": 0.7, "top_k": 5, "bad_words_ids": [[1, 2]], "sequence_bias": [[[1], 2.0]], "stop_strings": ["a"]}"""),
        json => _ = GenerationOptions.Parse(json, "generation_config.json"));

    [Fact]
    public void AHeaderOfSafetensorsIsReadOrRefused() => Holds(
        300,
        random => Mutation.OfJson(random, """{"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "b": {"dtype": "F16", "shape": [], "data_offsets": [24, 26]}, "c": {"dtype": "I64", "shape": [0], "data_offsets": [26, 26]}}"""),
        header =>
        {
            var bytes = Encoding.UTF8.GetBytes(header);
            File.WriteAllBytes(Path.Combine(folder.Path, "x.safetensors"), [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. new byte[26]]);
            using var scope = NewDisposeScope();
            using var file = SafetensorsFile.Open(Path.Combine(folder.Path, "x.safetensors"));
            foreach (var name in file.Names)
            {
                file.Read(name).Dispose();
            }
        });

    [Theory]
    [InlineData("models/gpt2-lm-bin-legacy/pytorch_model.bin")]
    [InlineData("saved/addition/intkey_layer_1_comp_mlp_output_unit_pos_nunit_1#0.bin")]
    public void APickleIsReadOrRefused(string name)
    {
        var right = File.ReadAllBytes(Path.Combine(GoldenRoots.Own, name));
        Holds(200, random => Mutation.OfBytes(random, right, 900), bytes =>
        {
            File.WriteAllBytes(Path.Combine(folder.Path, "x.bin"), bytes);
            using var scope = NewDisposeScope();
            _ = StateDictionaryFile.Read(Path.Combine(folder.Path, "x.bin"));
        });
    }

    [Fact]
    public void AFolderOfPyveneIsReadOrRefused()
    {
        var right = File.ReadAllText(Path.Combine(GoldenRoots.Own, "saved", "subspace-partition", "config.json"));
        Holds(200, random => Mutation.OfJson(random, right), json =>
        {
            folder.Write("config.json", json);
            using var read = PyveneFolder.Open(folder.Path);
        });
    }

    [Fact]
    public void ADescriptionOfSpecialTokensIsReadOrRefused()
    {
        File.Copy(Path.Combine(GoldenRoots.Own, "tokenizers", "gpt2-512", "tokenizer.json"), Path.Combine(folder.Path, "tokenizer.json"));
        Holds(
            60,
            random => Mutation.OfJson(random, """{"added_tokens_decoder": {"0": {"content": "<|endoftext|>", "special": true}}, "bos_token": "<|endoftext|>", "unk_token": {"content": "<|endoftext|>"}, "model_max_length": 512, "padding_side": "left", "chat_template": "{{ messages }}"}"""),
            json =>
            {
                folder.Write("tokenizer_config.json", json);
                _ = TextTokenizer.Load(folder.Path).Encode("Hello <|endoftext|>");
            });
    }

    private static void Holds<T>(int inputs, Func<Random, T> make, Action<T> read)
    {
        for (var seed = 0; seed < inputs; seed++)
        {
            var input = make(new Random(seed));
            var watch = Stopwatch.StartNew();
            try
            {
                read(input);
            }
            catch (PyveneException)
            {
            }
            catch (Exception error)
            {
                Assert.Fail($"Input {seed} ends in a {error.GetType().Name}: {error.Message}\n{input}\n{error.StackTrace}");
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"Input {seed} takes {watch.Elapsed}: {input}");
        }
    }
}
