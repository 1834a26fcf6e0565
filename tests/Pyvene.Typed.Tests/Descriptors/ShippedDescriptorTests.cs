using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Models;
using TorchSharp;

namespace Pyvene.Typed.Tests.Descriptors;

/// <summary>What types do not tell about the shipped descriptors is tried on constructed models: every path of every class, in every layer.</summary>
public sealed class ShippedDescriptorTests
{
    private const string Tiny =
        """
        {
          "vocab_size": 53, "max_position_embeddings": 32, "initializer_range": 0.4, "pad_token_id": 0, "type_vocab_size": 2,
          "hidden_size": 16, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4, "num_hidden_layers": 2, "intermediate_size": 24, "rotary_pct": 0.5,
          "n_embd": 16, "n_head": 4, "n_layer": 2, "h_dim": 6, "n_labels": 3, "num_classes": 3,
          "depths": [1, 2], "hidden_sizes": [8, 12], "embedding_size": 8, "layer_type": "bottleneck"
        }
        """;

    // Residual streams of the models that can be run on tokens alone.
    public static TheoryData<string> WithResiduals => [.. Shipped.Where(descriptor => descriptor.Residuals.Count > 0 && !LacksClasses(descriptor)).Select(descriptor => descriptor.Key)];

    public static TheoryData<string, string> Classes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var descriptor in Shipped.Where(descriptor => !LacksClasses(descriptor)))
            {
                foreach (var name in descriptor.Classes.Keys)
                {
                    data.Add(descriptor.Key, name);
                }
            }

            return data;
        }
    }

    private static IEnumerable<ArchitectureDescriptor> Shipped => typeof(Gpt2).Assembly.GetTypes()
        .Where(type => type is { IsPublic: true, IsClass: true } && type.IsAssignableTo(typeof(IArchitecture)))
        .Select(type => (ArchitectureDescriptor)type.GetProperty(nameof(IArchitecture.Descriptor))!.GetValue(null)!);

    [Theory]
    [MemberData(nameof(Classes))]
    public void EveryPathLeadsToAModuleThatCanBeHooked(string key, string className)
    {
        using var model = Create(key, className);
        var descriptor = Find(key);
        var sites = descriptor.Components.Where(component => Has(component, className, model.Config)).SelectMany(component => Sites(descriptor, component, model.Config)).ToArray();
        Assert.NotEmpty(sites);
        Assert.All(sites, site => InterventionPlan.Bind(model, Collect(key, [site])).Dispose());
    }

    [Fact]
    public void ADescriptorWithoutAClassSaysSo() =>
        Assert.All(Shipped, descriptor => Assert.Equal(LacksClasses(descriptor), descriptor.Summary.EndsWith("No class here yet.", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(WithResiduals))]
    public void TheTermsOfAResidualAddUpInARun(string key)
    {
        using var scope = torch.NewDisposeScope();
        var descriptor = Find(key);
        using var model = Create(key, descriptor.Classes.Keys.Single(name => name.EndsWith("ForCausalLM", StringComparison.Ordinal) || name.EndsWith("LMHeadModel", StringComparison.Ordinal)));
        foreach (var (sum, terms) in descriptor.Residuals)
        {
            using var plan = InterventionPlan.Bind(model, Collect(key, [.. terms.Prepend(sum).Select(name => new SiteSpec { Component = name, Layer = 1 })]));
            using var run = plan.Run(new ModelInputs { InputIds = TinyGpt2.Tokens(2, 5) }, []);
            var added = run.Collected.Skip(1).Aggregate((left, right) => left + right);
            Assert.True(run.Collected[0].allclose(added, rtol: 1e-4, atol: 1e-5), $"{sum} is not the sum of {string.Join(", ", terms)}.");
        }
    }

    private static PretrainedModel Create(string key, string className) =>
        ModelLoader.Create(ModelConfig.Parse(Tiny, "tiny").With($$"""{"model_type": "{{key}}"}"""), className, seed: 7);

    private static ArchitectureDescriptor Find(string key) => Shipped.Single(descriptor => descriptor.Key == key);

    private static bool LacksClasses(ArchitectureDescriptor descriptor) => !descriptor.Classes.Keys.Any(ModelLoader.ClassNames.Contains);

    private static bool Has(ComponentDescriptor component, string className, ModelConfig config) =>
        (component.Classes.Count == 0 || component.Classes.Contains(className)) && component.Conditions.All(condition => condition.Values.Contains(condition.ValueIn(config)));

    private static IEnumerable<SiteSpec> Sites(ArchitectureDescriptor descriptor, ComponentDescriptor component, ModelConfig config)
    {
        var sizes = new ArchitectureSizes(descriptor, config);
        var layers = component.LayerCount is { } count ? Enumerable.Range(0, (int)sizes[count]).Select(layer => (int?)layer) : [null];
        return layers.SelectMany(layer => (component.SublayerCount is { } inner ? Enumerable.Range(0, (int)sizes.In(layer!.Value)[inner]).Select(sublayer => (int?)sublayer) : [null])
            .Select(sublayer => new SiteSpec { Component = component.Name, Layer = layer, Sublayer = sublayer }));
    }

    private static InterventionConfig Collect(string key, IReadOnlyList<SiteSpec> sites) => new()
    {
        Architecture = key,
        Interventions = [.. sites.Select(site => new InterventionSpec { Intervention = new Collect(), Site = site })],
    };
}
