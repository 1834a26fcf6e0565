using System.Globalization;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Finds modules of a model by paths such as <c>transformer.h[0].mlp</c>.</summary>
internal sealed class ModuleTree
{
    private readonly Dictionary<string, nn.Module> modules = new(StringComparer.Ordinal);

    public ModuleTree(nn.Module root)
    {
        modules[""] = root;
        foreach (var (name, module) in root.named_modules())
        {
            modules.TryAdd(name, module);
        }
    }

    /// <summary>Returns the module at a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="where">The intervention in words, for messages.</param>
    /// <exception cref="InterventionException">The model has no such module.</exception>
    public nn.Module Find(string path, string where)
    {
        if (!BracketsAreClosed(path))
        {
            throw new InterventionException("component", $"{where}: '{path}' is no path of a module: every '[' must be followed by a number and ']', as in "
                + "blocks[2].mlp.");
        }

        var name = Normalise(path);
        for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
        {
            if (modules.GetValueOrDefault(name[..end]) is IPicksRows)
            {
                throw new InterventionException(
                    "component",
                    $"{where}: the rows of '{name[..end]}' are the tokens that are sent there, not the examples of the batch, so that no example has a place "
                        + "in it. Act where what it adds is seen with every example, as the components of the experts are, or at the module around it.");
            }
        }

        return modules.TryGetValue(name, out var module)
            ? module
            : throw new InterventionException(
                "component", $"{where}: the model has no module '{path}'.{UnregisteredField.Problem(modules, name) ?? Remedy(name)}");
    }

    // A number beyond a list is no misspelt name, and neither is a path that begins inside of the model.
    private string Remedy(string name)
    {
        var parts = name.Split('.');
        for (var index = 1; index < parts.Length; index++)
        {
            var list = WholePath(string.Join('.', parts[..index]));
            if (modules.ContainsKey($"{list}.{parts[index]}") || !IsNumber(parts[index])) continue;
            if (CountIn(list) is > 0 and var count) return $" '{list}' has {count} modules (0 to {count - 1}).";
        }

        return WholePath(name) is var path && modules.ContainsKey(path) ? $" Did you mean '{path}'?" : NearestName.Suggestion(name, modules.Keys);
    }

    private string WholePath(string name)
    {
        if (modules.ContainsKey(name)) return name;
        return modules.Keys.Where(key => key.EndsWith("." + name, StringComparison.Ordinal)).Take(2).ToArray() is [var only] ? only : name;
    }

    private int CountIn(string list) =>
        modules.Keys.Count(key => key.StartsWith(list + ".", StringComparison.Ordinal) && IsNumber(key.AsSpan(list.Length + 1)));

    private static bool IsNumber(ReadOnlySpan<char> text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool BracketsAreClosed(string path)
    {
        for (var rest = path.AsSpan(); rest.IndexOfAny('[', ']') is >= 0 and var open; rest = rest[1..])
        {
            rest = rest[open..];
            var number = rest[0] == '[' ? rest.IndexOf(']') : -1;
            if (number < 2 || rest[1..number].ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            rest = rest[number..];
        }

        return true;
    }

    /// <summary>Returns a path in TorchSharp's form: <c>h[0].mlp</c> becomes <c>h.0.mlp</c>, and <c>[0]</c>, the first part of a row, <c>0</c>.</summary>
    public static string Normalise(string path)
    {
        var name = path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
        return path.StartsWith('[') ? name[1..] : name;
    }
}
