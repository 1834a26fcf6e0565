using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Running;

/// <summary>Collects the terms of a decoder's residual stream behind the last tokens and measures what each contributes to a logit.</summary>
internal sealed class ResidualReader
{
    private const string Stream = "block_output";
    private const string Entrance = "block_input";
    private const string Mixed = "attention_value_output"; // of all heads, before the output projection
    private const string Embeddings = "embeddings";

    private readonly LanguageModel model;
    private readonly CausalLanguageModel module;
    private readonly ArchitectureDescriptor architecture;
    private readonly IHeldNorm norm;
    private readonly string[] added; // by every block, in order

    /// <summary>Initialises the reader.</summary>
    /// <exception cref="InterventionException">The model has no residual stream whose terms are known.</exception>
    public ResidualReader(LanguageModel model)
    {
        this.model = model;
        module = model.Module as CausalLanguageModel ?? throw new InterventionException(
            "model", $"A logit is taken apart where a decoder's residual stream runs into one head of tokens; a {model.Module.GetName()} is no such model.");
        architecture = model.Architecture ?? throw new InterventionException("model", $"No descriptor describes a {module.GetName()}, so the terms of its "
            + "residual stream are not known; register one with ArchitectureDescriptor.Register.");
        added = architecture.Residuals.TryGetValue(Stream, out var terms) && terms.Contains(Entrance)
            ? [.. terms.Where(term => term != Entrance)]
            : throw new InterventionException("architecture", $"The descriptor of '{architecture.Key}' has no \"residual\" that says what {Stream} is the "
                + "sum of, so its logits cannot be taken apart.");
        norm = module.FinalNorm ?? throw new InterventionException("architecture", $"Between the residual stream of '{architecture.Key}' and its head stands "
            + "more than a norm, so its logits cannot be taken apart.");
    }

    /// <summary>Returns the parts of the logits behind the prompts; its tensors belong to the current dispose scope.</summary>
    /// <param name="prompt">The prompts.</param>
    /// <param name="token">The token.</param>
    /// <param name="other">The token that counts against it; <see langword="null"/> = none.</param>
    /// <param name="byHead">Whether attention is split into its heads.</param>
    public LogitAttribution Read(Prompt prompt, TokenChoice token, TokenChoice? other, bool byHead)
    {
        PromptEncoder.RefuseMissing(prompt, "prompt");
        var last = Site(Stream, model.LayerCount - 1);
        SiteSpec[] terms = [Site(Entrance, 0), .. Layers.SelectMany(layer => added.Select(term => Site(term, layer)))];
        SiteSpec[] heads = byHead ? [.. Layers.Select(layer => Site(Mixed, layer))] : [];
        using var plan = model.Bind(new InterventionConfig
        {
            Architecture = architecture.Key,
            Interventions = [.. terms.Append(last).Concat(heads).Select(site => new InterventionSpec
            {
                Intervention = new Collect(), Site = site with { At = Positions.Of(^1) }, Name = site.ToString(),
            })],
        });
        using var run = plan.Run(prompt, null, new RunOptions { WithClean = false, NextTokenOnly = true });
        var logits = run.Logits.select(1, 0).to(float64); // [batch, vocab]
        var (ids, others) = (Ids(token), other is null ? null : Ids(other)); // [batch]
        var direction = module.DirectionsOf(ids).to(float64); // [batch, dModel]
        if (others is not null) direction = direction.sub(module.DirectionsOf(others).to(float64));
        var whole = Value(last); // [batch, dModel]
        ResidualTerm[] parts = [.. terms.Select((site, index) => new ResidualTerm(index == 0 ? Embeddings : site.ToString(), site, Value(site)))];
        if (!ResidualTerm.AreSum(parts.Select(part => part.Value), whole, module))
        {
            throw new InterventionException("architecture", $"What enters the first layer and the terms {string.Join(", ", added)} of all layers do "
                + $"not add up to {last} in this model of '{architecture.Key}', so its logits cannot be taken apart.");
        }

        if (byHead) parts = new ResidualHeads(module, architecture, model.HeadCount).Split(parts, heads, Value);

        // [part, batch]
        var values = norm.Part(stack([.. parts.Select(part => part.Value)]), whole).mul(direction).sum(-1);
        var found = parts.Select((part, index) => new LogitPart(
            part.Name, Numbers(values[index]), part.Name == Embeddings ? null : part.Site.Layer, part.Head)).ToList();
        if (norm.Shift is { } shift) found.Add(new("bias of the final norm", Numbers(direction.mul(shift).sum(-1))));
        var total = Of(ids); // [batch]
        if (others is not null) total = total.sub(Of(others));
        if (module.BoundsLogits)
        {
            var free = norm.Part(whole, whole);
            free = (norm.Shift is null ? free : free.add(norm.Shift)).mul(direction).sum(-1); // [batch]
            found.Add(new("bound of the logits", Numbers(total.sub(free))));
        }

        return new(other is null ? $"logit of {token}" : $"logit of {token} − logit of {other}", found, Numbers(total));

        Tensor Value(SiteSpec site) => run[site.ToString()].squeeze(1).to(float64); // [batch, width]

        Tensor Ids(TokenChoice choice) => tensor(choice.IdsFor(model.Tokenizer, logits.shape[1], prompt.Count), device: logits.device);

        Tensor Of(Tensor which) => logits.gather(1, which.unsqueeze(1)).squeeze(1);
    }

    private IEnumerable<int> Layers => Enumerable.Range(0, model.LayerCount);

    private static SiteSpec Site(string component, int layer) => new() { Component = component, Layer = layer };

    private static Sample Numbers(Tensor values) => Sample.Of(values.cpu().contiguous().data<double>().ToArray());
}
