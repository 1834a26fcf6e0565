using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Descriptors;

/// <summary>A model of a few thousand random weights of every class that a shipped descriptor serves, its inputs, and all of its places.</summary>
internal static class ShippedModels
{
    private const string Tiny =
        """
        {
          "vocab_size": 53, "max_position_embeddings": 32, "initializer_range": 0.4, "init_std": 0.4, "pad_token_id": 0, "type_vocab_size": 2,
          "hidden_size": 16, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4, "num_hidden_layers": 2,
          "intermediate_size": 24, "ffn_hidden_size": 24, "ffn_dim": 24, "d_ff": 24, "rotary_pct": 0.5,
          "n_embd": 16, "n_head": 4, "n_layer": 2, "h_dim": 6, "n_labels": 3, "num_classes": 3,
          "depths": [1, 2], "hidden_sizes": [8, 12], "embedding_size": 8, "image_size": 32, "patch_size": 8, "layer_type": "bottleneck"
        }
        """;

    // Refused by models without experts.
    private const string Experts = """{"num_local_experts": 4, "num_experts_per_tok": 2}""";

    private const string Towers =
        """
        {
          "text_config": {
            "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24, "vocab_size": 53, "max_position_embeddings": 32,
            "eos_token_id": 2
          },
          "vision_config": {
            "hidden_size": 20, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24, "image_size": 32, "patch_size": 8
          },
          "projection_dim": 8
        }
        """;

    // The heads of a state space, which is wider than the residual stream; to others the field means those of attention.
    private const string States = """{"state_size": 4, "num_heads": 8, "n_groups": 2, "time_step_rank": 3}""";

    // What hears; to others dModel has another name.
    private const string Spectra =
        """
        {
          "d_model": 16, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4, "decoder_attention_heads": 2, "encoder_ffn_dim": 24,
          "decoder_ffn_dim": 20, "num_mel_bins": 6, "max_source_positions": 7, "max_target_positions": 32
        }
        """;

    /// <summary>The descriptors' keys with the names of the classes that the library has.</summary>
    public static TheoryData<string, string> Classes => ClassesThat((_, _) => true);

    /// <summary>Those that a condition holds for.</summary>
    public static TheoryData<string, string> ClassesThat(Func<string, string, bool> condition)
    {
        var data = new TheoryData<string, string>();
        foreach (var (key, name) in Descriptors.Where(descriptor => !LacksClasses(descriptor))
            .SelectMany(descriptor => descriptor.Classes.Keys.Select(name => (descriptor.Key, name))))
        {
            if (condition(key, name)) data.Add(key, name);
        }

        return data;
    }

    /// <summary>The descriptors that ship.</summary>
    public static IEnumerable<ArchitectureDescriptor> Descriptors => typeof(Gpt2).Assembly.GetTypes()
        .Where(type => type is { IsPublic: true, IsClass: true } && type.IsAssignableTo(typeof(IArchitecture)))
        .Select(type => (ArchitectureDescriptor)type.GetProperty(nameof(IArchitecture.Descriptor))!.GetValue(null)!);

    public static ArchitectureDescriptor Find(string key) => Descriptors.Single(descriptor => descriptor.Key == key);

    public static bool LacksClasses(ArchitectureDescriptor descriptor) => !descriptor.Classes.Keys.Any(ModelLoader.ClassNames.Contains);

    public static PretrainedModel Create(string key, string className) =>
        ModelLoader.Create(ModelConfig.Parse(Tiny, "tiny").With($$"""{"model_type": "{{TypeOf(key)}}"}""").With(Own(key)), className, seed: 7);

    /// <summary>The model type of an architecture's configurations: a Backpack's say that they are a GPT-2's.</summary>
    public static string TypeOf(string key) => key == "backpack_gpt2" ? "gpt2" : key;

    private static string Own(string key) => Has(key, "experts") ? Experts : Has(key, "dState") ? States : Has(key, "frequencies") ? Spectra
        : Has(key, "dProjection") ? Towers : "{}";

    private static bool Has(string key, string named) => Find(key).Sizes.Any(size => size.Key == named);

    /// <summary>Returns random inputs: pictures, vectors or token ids, whichever the model takes. They belong to the current dispose scope.</summary>
    public static ModelInputs Inputs(PretrainedModel model, int batch, int length, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        var takesTokens = model.named_parameters()
            .Any(item => item.name.EndsWith("wte.weight", StringComparison.Ordinal) || item.name is "shared.weight"
                || item.name.Contains("embed", StringComparison.Ordinal));
        var writes = (model as IBlockwiseModel)?.BlockPaths.Any(path => model.PositionAxisOf(path) == "decoderPosition") == true;
        var pictures = model.Config.ModelType is "resnet" or "vit" or "clip" ? randn([batch, 3, 32, 32], generator: generator) : null;
        return pictures is not null && model.Config.ModelType != "clip" ? new ModelInputs { PixelValues = pictures }
            : model.Config.ModelType == "whisper" ? new ModelInputs
            {
                InputFeatures = randn([batch, 6, 14], generator: generator),
                DecoderInputIds = randint(1, 53, [batch, length], dtype: int64, generator: generator),
            }
            : takesTokens ? new ModelInputs
            {
                InputIds = randint(1, 53, [batch, length], dtype: int64, generator: generator),
                PixelValues = pictures,
                DecoderInputIds = writes ? randint(1, 53, [batch, length - 1], dtype: int64, generator: generator) : null,
            }
            : new ModelInputs { InputsEmbeds = randn([batch, length, 6], generator: generator) };
    }

    /// <summary>Returns every component of a model, in every layer, as a whole.</summary>
    public static IEnumerable<SiteSpec> Sites(string key, string className, ModelConfig config)
    {
        var descriptor = Find(key);
        return descriptor.Components.Where(component => Has(component, className, config)).SelectMany(component => Sites(descriptor, component, config));
    }

    private static bool Has(ComponentDescriptor component, string className, ModelConfig config) =>
        (component.Classes.Count == 0 || component.Classes.Contains(className))
        && component.Conditions.All(condition => condition.Values.Contains(condition.ValueIn(config)));

    private static IEnumerable<SiteSpec> Sites(ArchitectureDescriptor descriptor, ComponentDescriptor component, ModelConfig config)
    {
        var sizes = new ArchitectureSizes(descriptor, config);
        var layers = component.LayerCount is { } count ? Enumerable.Range(0, (int)sizes[count]).Select(layer => (int?)layer) : [null];
        return layers.SelectMany(layer =>
            (component.SublayerCount is { } inner ? Enumerable.Range(0, (int)sizes.In(layer!.Value)[inner]).Select(sublayer => (int?)sublayer) : [null])
                .Select(sublayer => new SiteSpec { Component = component.Name, Layer = layer, Sublayer = sublayer }));
    }
}
