using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Running;

/// <summary>Splits what attention adds to the residual stream into its heads, each sent through the model's own output projection by itself.</summary>
/// <param name="module">The model.</param>
/// <param name="architecture">Its descriptor.</param>
/// <param name="headCount">How many query heads a layer has.</param>
internal sealed class ResidualHeads(nn.Module module, ArchitectureDescriptor architecture, int headCount)
{
    /// <summary>Returns the terms with the heads of every layer, and the projection's bias, in the place of the term that they make.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="mixed">The sites of what the heads of each layer have mixed.</param>
    /// <param name="value">Returns what was read at a site: [batch, width], float64.</param>
    /// <exception cref="InterventionException">The heads of a layer do not make one of its terms.</exception>
    public ResidualTerm[] Split(ResidualTerm[] terms, IReadOnlyList<SiteSpec> mixed, Func<SiteSpec, Tensor> value)
    {
        using var gate = ModelGate.Enter(module);
        var modules = new ModuleTree(module);
        var split = mixed.ToDictionary(site => site.Layer!.Value, site => ModuleOf(modules, site, HookSide.Input) is nn.Module<Tensor, Tensor> projection
            ? Written(projection, value(site))
            : throw new InterventionException("byHead", $"{site} of '{architecture.Key}' is not what an output projection reads, so its heads have no parts "
                + "of their own. Leave byHead out."));
        var found = new HashSet<int>();
        ResidualTerm[] all = [.. terms.SelectMany(term => term.Site.Component != terms[0].Site.Component
            && Heads(term, modules, split[term.Site.Layer!.Value]) is { } heads && found.Add(term.Site.Layer.Value) ? heads : [term])];
        return mixed.FirstOrDefault(site => !found.Contains(site.Layer!.Value)) is { } missing
            ? throw new InterventionException("byHead", $"No term of layer {missing.Layer} of '{architecture.Key}' is the sum of what its heads write, so they "
                + "have no parts of their own. Leave byHead out.")
            : all;
    }

    /// <summary>Returns the parts that the heads have in a term; <see langword="null"/> = it is not theirs.</summary>
    private ResidualTerm[]? Heads(ResidualTerm term, ModuleTree modules, (Tensor Each, Tensor Bias) written)
    {
        var (each, bias) = written;
        var whole = each.sum(1).add(bias); // [batch, dModel]
        if (!ResidualTerm.AreSum([whole], term.Value, module))
        {
            // Behind a norm at the end of attention, which is held at the statistics of what it reads.
            if (ModuleOf(modules, term.Site, HookSide.Output) is not IHeldNorm end) return null;
            (each, bias) = (end.Part(each, whole.unsqueeze(1)), end.Part(bias, whole));
            if (end.Shift is { } shift) bias = bias.add(shift);
            if (!ResidualTerm.AreSum([each.sum(1), bias], term.Value, module)) return null;
        }

        var heads = Enumerable.Range(0, headCount)
            .Select(head => new ResidualTerm(FormattableString.Invariant($"head {head} of layer {term.Site.Layer}"), term.Site, each.select(1, head), head));
        return bias.count_nonzero().cpu().item<long>() == 0 ? [.. heads] : [.. heads, term with { Name = $"bias of {term.Name}", Value = bias }];
    }

    /// <summary>Returns what every head writes through the projection, [batch, head, dModel], and what the projection adds to it, [batch, dModel].</summary>
    private (Tensor Each, Tensor Bias) Written(nn.Module<Tensor, Tensor> projection, Tensor mixed)
    {
        var chosen = eye(headCount, dtype: float64, device: mixed.device).unsqueeze(-1); // [head, head, 1]
        var alone = mixed.view(mixed.shape[0], 1, headCount, mixed.shape[1] / headCount).mul(chosen).flatten(2); // [batch, head, width]
        var read = cat([alone, zeros_like(alone).narrow(1, 0, 1)], 1); // [batch, head + 1, width]: the last row reads nothing
        var written = projection.call(read.to(module.parameters().First().dtype)).to(float64);
        var bias = written.select(1, headCount);
        return (written.narrow(1, 0, headCount).sub(bias.unsqueeze(1)), bias);
    }

    /// <summary>Returns the module whose whole input or output a component is; <see langword="null"/> = it is another part of one.</summary>
    private nn.Module? ModuleOf(ModuleTree modules, SiteSpec site, HookSide side)
    {
        if (!architecture.TryFindComponent(site.Component!, out var component) || component.Side != side || component.View.Count > 0) return null;
        var path = architecture.PathOf(component, module.GetName());
        return modules.Find(path.Replace("[layer]", FormattableString.Invariant($"[{site.Layer}]"), StringComparison.Ordinal), site.ToString());
    }
}
