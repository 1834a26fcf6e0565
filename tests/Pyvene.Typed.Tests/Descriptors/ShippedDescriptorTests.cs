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
    // Residual streams of the models that can be run on tokens alone.
    public static TheoryData<string> WithResiduals =>
        [.. ShippedModels.Descriptors.Where(descriptor => descriptor.Residuals.Count > 0 && !ShippedModels.LacksClasses(descriptor))
            .Select(descriptor => descriptor.Key)];

    [Theory]
    [MemberData(nameof(ShippedModels.Classes), MemberType = typeof(ShippedModels))]
    public void EveryPathLeadsToAModuleThatCanBeHooked(string key, string className)
    {
        using var model = ShippedModels.Create(key, className);
        var sites = ShippedModels.Sites(key, className, model.Config).ToArray();
        Assert.NotEmpty(sites);
        Assert.All(sites, site => InterventionPlan.Bind(model, Collect(key, [site])).Dispose());
    }

    [Fact]
    public void ADescriptorWithoutAClassSaysSo() =>
        Assert.All(ShippedModels.Descriptors, descriptor =>
            Assert.Equal(ShippedModels.LacksClasses(descriptor), descriptor.Summary.EndsWith("No class here yet.", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(WithResiduals))]
    public void TheTermsOfAResidualAddUpInARun(string key)
    {
        using var scope = torch.NewDisposeScope();
        var descriptor = ShippedModels.Find(key);
        string[] heads = ["ForCausalLM", "LMHeadModel", "ForConditionalGeneration", "ForImageClassification", "CLIPModel"];
        using var model = ShippedModels.Create(key, descriptor.Classes.Keys.Single(name => heads.Any(head => name.EndsWith(head, StringComparison.Ordinal))));
        foreach (var (sum, terms) in descriptor.Residuals)
        {
            using var plan = InterventionPlan.Bind(model, Collect(key, [.. terms.Prepend(sum).Select(name => new SiteSpec { Component = name, Layer = 1 })]));
            using var run = plan.Run(ShippedModels.Inputs(model, 2, 5, seed: 1), []);
            var added = run.Collected.Skip(1).Aggregate((left, right) => left + right);
            Assert.True(run.Collected[0].allclose(added, rtol: 1e-4, atol: 1e-5), $"{sum} is not the sum of {string.Join(", ", terms)}.");
        }
    }

    private static InterventionConfig Collect(string key, IReadOnlyList<SiteSpec> sites) => new()
    {
        Architecture = key,
        Interventions = [.. sites.Select(site => new InterventionSpec { Intervention = new Collect(), Site = site })],
    };
}
