using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Holds BERT's blocks under Hugging Face's name; the model calls them one by one.</summary>
internal sealed class BertEncoder : nn.Module
{
    internal readonly ModuleList<BertLayer> layer;

    public BertEncoder(BertSettings settings, Device device)
        : base(nameof(BertEncoder))
    {
        layer = nn.ModuleList([.. Enumerable.Range(0, settings.LayerCount).Select(index => new BertLayer(settings, index, device))]);
        RegisterComponents();
    }
}
