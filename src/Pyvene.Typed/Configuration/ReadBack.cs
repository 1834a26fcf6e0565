using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Json;
using static TorchSharp.torch;

namespace Pyvene.Typed.Configuration;

/// <summary>
/// Refuses to write an intervention that reading would not give back: one of a program's own comes back through the type that is registered under its name.
/// </summary>
internal static class ReadBack
{
    private const int Deepest = 4;

    /// <summary>Checks an intervention before it is written.</summary>
    /// <param name="intervention">The intervention; the library's own types always come back.</param>
    /// <param name="path">Where it stands, for messages.</param>
    /// <exception cref="InterventionException">Its type is not registered, or what is read would be another.</exception>
    public static void Check(Intervention intervention, string path)
    {
        var type = KindOf(intervention);
        if (type.Assembly == typeof(ReadBack).Assembly)
        {
            return;
        }

        if (!InterventionTypes.Knows(intervention.Type) || InterventionTypes.IsOfTheLibrary(intervention.Type))
        {
            throw Lost(InterventionTypes.IsOfTheLibrary(intervention.Type)
                ? $"'{intervention.Type}' is an intervention of the library. Give {type.Name} a name of its own."
                : $"no type is registered under '{intervention.Type}'. Call InterventionTypes.Register where the program starts.");
        }

        var read = Read(intervention, path);
        try
        {
            if (KindOf(read) != type)
            {
                throw Lost($"'{intervention.Type}' is registered as {KindOf(read).Name}. Register {type.Name} under a name of its own.");
            }

            // What a module learned is kept beside the text; its sizes are compared when it is loaded.
            if (read is not IStatefulIntervention && Difference(intervention, read, 0) is { } lost)
            {
                throw Lost($"{lost}. Return it from ToParameters, and read it in InterventionTypes.Register(\"{intervention.Type}\", parameters => …).");
            }
        }
        finally
        {
            if (read is IStatefulIntervention { StateOwner: IDisposable owner } && read != intervention)
            {
                owner.Dispose();
            }
        }

        InterventionException Lost(string reason) => new(path, $"'{path}': {type.Name} would not come back as it is: {reason}");
    }

    private static Type KindOf(Intervention intervention) =>
        intervention is IStatefulIntervention stateful ? stateful.StateOwner.GetType() : intervention.GetType();

    private static Intervention Read(Intervention intervention, string path)
    {
        var text = new JsonObject { ["type"] = intervention.Type, ["parameters"] = intervention.ToParameters() };
        var place = ConfigurationText.Parse(text.ToJsonString()) with { Path = path };
        return InterventionTypes.Create(place["type"], place.Member("parameters"), $"{path}.parameters");
    }

    /// <summary>Returns the first field whose value would be another, in words, or <see langword="null"/>.</summary>
    private static string? Difference(object written, object read, int depth)
    {
        if (written.Equals(read))
        {
            return null;
        }

        for (var type = written.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                var (left, right) = (field.GetValue(written), field.GetValue(read));
                if (!AreEqual(left, right, depth + 1))
                {
                    return $"'{NameOf(field)}' is {Text(left)}, and would be read as {Text(right)}";
                }
            }
        }

        return null;
    }

    private static bool AreEqual(object? left, object? right, int depth)
    {
        if (Equals(left, right) || left is null || right is null || left.GetType() != right.GetType())
        {
            return Equals(left, right);
        }

        return (left, right) switch
        {
            (Tensor a, Tensor b) => a.dtype == b.dtype && a.shape.SequenceEqual(b.shape) && a.equal(b).all().item<bool>(),
            (IEnumerable a, IEnumerable b) => a.Cast<object?>().SequenceEqual(b.Cast<object?>(), new Comparer(depth)),
            (Delegate, Delegate) => false,
            _ => depth < Deepest && !left.GetType().IsPrimitive && Difference(left, right, depth) is null,
        };
    }

    private static string NameOf(FieldInfo field) => field.Name is ['<', ..] name ? name[1..name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static string Text(object? value) => value switch
    {
        null => "nothing",
        Delegate => "a function",
        Tensor tensor => $"a tensor [{string.Join(", ", tensor.shape)}]",
        string text => $"\"{text}\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Take(4).Select(Text))}]",
        _ => value.ToString() ?? "",
    };

    private sealed class Comparer(int depth) : IEqualityComparer<object?>
    {
        public new bool Equals(object? x, object? y) => AreEqual(x, y, depth + 1);

        public int GetHashCode(object? obj) => 0;
    }
}
